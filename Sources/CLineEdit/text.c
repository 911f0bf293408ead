#include "text.h"

#include <stdlib.h>
#include <string.h>

enum { REPLACEMENT = 0xFFFD };

int le_decode_first(le_decoder *d, unsigned char byte) {
  *d = (le_decoder){.low = 0x80, .high = 0xBF, .value = byte};
  if (byte < 0x80) return 1;
  if (byte >= 0xC2 && byte <= 0xDF) d->missing = 1;
  else if (byte >= 0xE0 && byte <= 0xEF) d->missing = 2;
  else if (byte >= 0xF0 && byte <= 0xF4) d->missing = 3;
  else {
    d->value = REPLACEMENT;
    return 1;
  }
  // No overlong forms, no surrogates, nothing past U+10FFFF.
  if (byte == 0xE0) d->low = 0xA0;
  if (byte == 0xED) d->high = 0x9F;
  if (byte == 0xF0) d->low = 0x90;
  if (byte == 0xF4) d->high = 0x8F;
  d->value = byte & (0x3F >> d->missing);
  return 0;
}

int le_decode_next(le_decoder *d, unsigned char byte) {
  if (byte < d->low || byte > d->high) {
    d->value = REPLACEMENT;
    return -1;
  }
  d->value = d->value << 6 | (byte & 0x3F);
  d->low = 0x80;
  d->high = 0xBF;
  return --d->missing == 0;
}

wchar_t *le_wide(const char *text) {
  size_t length = strlen(text), count = 0;
  wchar_t *wide = malloc((length + 1) * sizeof *wide);
  if (!wide) return NULL;
  for (size_t i = 0; i < length; i++) {
    le_decoder d;
    int done = le_decode_first(&d, (unsigned char)text[i]);
    while (done == 0 && i + 1 < length) {
      done = le_decode_next(&d, (unsigned char)text[i + 1]);
      if (done >= 0) i++;
    }
    wide[count++] = done == 0 ? REPLACEMENT : d.value;
  }
  wide[count] = 0;
  return wide;
}

wchar_t *le_copy(const wchar_t *text, size_t count) {
  wchar_t *copy = malloc((count + 1) * sizeof *copy);
  if (!copy) return NULL;
  wmemcpy(copy, text, count);
  copy[count] = 0;
  return copy;
}

size_t le_byte_count(wchar_t c) {
  return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
}

char *le_narrow(const wchar_t *text, size_t count) {
  char *bytes = malloc(count * 4 + 1), *p = bytes;
  if (!bytes) return NULL;
  for (size_t i = 0; i < count; i++) {
    wchar_t c = text[i];
    size_t n = le_byte_count(c);
    static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    if (n == 1) *p++ = (char)c;
    else {
      *p++ = (char)(lead[n] | c >> (6 * (n - 1)));
      for (size_t k = n - 1; k-- > 0;) *p++ = (char)(0x80 | (c >> (6 * k) & 0x3F));
    }
  }
  *p = 0;
  return bytes;
}
