"""What the peers share: times as the benchmark reads them, and a word where a package is missing."""
import importlib, json, resource, sys, time


def need(*names):
    """The modules, or a line that says which is missing."""
    try:
        return [importlib.import_module(name) for name in names]
    except ImportError as error:
        print(f"this Python has no {error.name}")
        sys.exit(3)


class Clock:
    """Wall and processor seconds of stretches of work."""

    def __init__(self):
        self.samples = []
        self.start()

    def start(self):
        usage = resource.getrusage(resource.RUSAGE_SELF)
        self.wall, self.processor = time.perf_counter(), usage.ru_utime + usage.ru_stime

    def lap(self):
        wall, processor = self.wall, self.processor
        self.start()
        self.samples.append([self.wall - wall, self.processor - processor])

    def report(self, skip=1):
        """Prints all but the first, which warm up."""
        print(json.dumps(self.samples[skip:]))
