#pragma once

#include <histedit.h>
#include <stdbool.h>
#include <wchar.h>

// Commands of vi that concern the lines of a block: to libedit a block is one long line. They are
// made of libedit's own commands, which are handed to it as if they had been typed.

// Binds them, once the keys of vi are chosen. `end` and `line_break` are keys that go to the end of
// the line and break it while text is inserted.
void le_vi_bind(EditLine *el, wchar_t end, wchar_t line_break);

// Takes note of a key that was typed: what came before it tells whether an operator waits for it.
void le_vi_note(EditLine *el, wchar_t key);
