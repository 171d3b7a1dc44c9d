"""Traffic that goes on while a test does something else."""
import subprocess
import threading


class Load(threading.Thread):
    """Lines trickle into a topic's partitions, for about `seconds` or until stop(), while things happen to whoever reads them."""

    def __init__(self, broker, topic, lines, seconds):
        super().__init__(daemon=True)
        self.lines, self.pace_s, self.sent = lines, seconds / (len(lines) / 20), 0
        self.enough = threading.Event()
        self.kcat = subprocess.Popen(["kcat", "-b", broker, "-q", "-P", "-t", topic, "-p", "-1", "-X", "linger.ms=5", "-X", "sticky.partitioning.linger.ms=0"],
                                     stdin=subprocess.PIPE)
        self.start()

    def run(self):
        for first in range(0, len(self.lines), 20):
            self.kcat.stdin.write(b"".join(self.lines[first:first + 20]))
            self.kcat.stdin.flush()
            self.sent = first + 20
            if self.enough.wait(self.pace_s):
                break
        self.kcat.stdin.close()
        self.kcat.wait()

    def stop(self):
        """No further line. @return how many there were"""
        self.enough.set()
        self.join()
        return self.sent
