#pragma once

#include <stddef.h>
#include <wchar.h>

// Wide characters are UTF-32 and need no locale; the results are freed by the caller.
wchar_t *le_wide(const char *text);
char *le_narrow(const wchar_t *text, size_t count);
wchar_t *le_copy(const wchar_t *text, size_t count);
// The bytes a code point takes in UTF-8.
size_t le_byte_count(wchar_t c);

// Decodes UTF-8 a byte at a time.
typedef struct {
  int missing;             // bytes still to come
  unsigned char low, high;  // what the next one may be
  wchar_t value;
} le_decoder;

// Takes a first byte; 1 when it is a character already, which is then in `value`.
int le_decode_first(le_decoder *decoder, unsigned char byte);
// Takes a further byte: 1 complete, 0 more to come, -1 it does not belong here.
int le_decode_next(le_decoder *decoder, unsigned char byte);
