// The chapters, embedded in the executable.
