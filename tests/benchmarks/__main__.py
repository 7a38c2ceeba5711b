"""Print the benchmark table: whole processes, medians of several runs, ratios within one run."""

import platform
import sys

from tests.benchmarks import cluster, measured, streets, timetables, transit

BENCHMARKS = streets.BENCHMARKS | {"gtfs": timetables.gtfs, "transit": transit.transit}
BENCHMARKS |= cluster.BENCHMARKS


def main():
    """Run the benchmarks named on the command line, all of them where none is."""
    names = sys.argv[1:] or list(BENCHMARKS)
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    python = platform.python_version()
    print(f"{platform.system()} {platform.machine()}, {measured.processors()}, Python {python}")
    print()
    print("| what | median s | min–max s | peak MB | ratio |")
    print("|---|---|---|---|---|")
    for name in names:
        for row in BENCHMARKS[name]():
            print(row, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
