"""Start one program from a small process and write what it took: seconds, status, peak memory.

`python -I -S launch.py REPORT.json PROGRAM ARGUMENT...` — small on purpose: a program inherits the
highest resident set of the process that starts it (Linux keeps it across exec), so started from
the measuring process itself every small program would seem as large as that.
"""

import json
import os
import subprocess
import sys
import time

start = time.perf_counter()
child = subprocess.Popen(sys.argv[2:], stdin=subprocess.DEVNULL)
_, status, usage = os.wait4(child.pid, 0)
seconds = time.perf_counter() - start
with open(sys.argv[1], "w", encoding="utf-8") as report:
    told = {
        "seconds": seconds,
        "exit_code": os.waitstatus_to_exitcode(status),
        "peak_bytes": usage.ru_maxrss * 1024,
    }
    json.dump(told, report)
