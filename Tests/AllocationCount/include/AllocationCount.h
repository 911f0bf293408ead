#pragma once

// How often the program has asked for memory so far, on all threads.
//
// A program that links this asks through it: `malloc` and its relatives are those of the C library
// with a count in front.
long allocation_count(void);
