#!/usr/bin/env python3
"""Questions to a one-node Kafka that kcat cannot ask, over its own protocol: a JVM would take a second for each.

  ask.py ADDRESS topic NAME PARTITIONS [PROPERTY=VALUE...]     create a topic; one that is there already is fine
  ask.py ADDRESS delete TOPIC              delete a topic, and what groups committed in it
  ask.py ADDRESS commit GROUP TOPIC OFFSET set a group's committed offset of partition 0, as an operator would: the group must have no members
  ask.py ADDRESS committed GROUP TOPIC     print the sum of the group's committed offsets over the topic's partitions
  ask.py ADDRESS forget TOPIC OFFSET       delete the records of partition 0 below the offset, as retention would
  ask.py ADDRESS put TOPIC                 records from standard input, a line each: PARTITION, milliseconds since 1970, value, tabs between

Source: Kafka protocol guide: Produce v3 (key 0), record batches of magic 2 (CRC-32C, RFC 3720 B.4), Metadata v1 (key 3), CreateTopics v2 (key 19), OffsetFetch v2 (key 9), OffsetCommit v2 (key 8), DeleteTopics v1 (key 20),
DeleteRecords v0 (key 21), request header v1.
"""
import socket, struct, sys, time

def text(value):
    raw = value.encode()
    return struct.pack(">h", len(raw)) + raw

def read_exactly(connection, count):
    data = b""
    while len(data) < count:
        piece = connection.recv(count - len(data))
        if not piece:
            sys.exit("ask: the broker closed the connection")
        data += piece
    return data

class Answer:
    def __init__(self, data):
        self.data, self.at = data, 0

    def number(self, form):
        value, = struct.unpack_from(">" + form, self.data, self.at)
        self.at += struct.calcsize(">" + form)
        return value

    def text(self):
        length = self.number("h")
        value = self.data[self.at:self.at + max(length, 0)].decode()
        self.at += max(length, 0)
        return value

def ask(address, key, version, body):
    host, port = address.rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        request = struct.pack(">hhi", key, version, 1) + text("ask") + body
        connection.sendall(struct.pack(">i", len(request)) + request)
        size, = struct.unpack(">i", read_exactly(connection, 4))
        answer = Answer(read_exactly(connection, size))
    answer.number("i")  # correlation
    return answer

def topic(address, name, partitions, *properties):
    config = b"".join(text(word) for pair in properties for word in pair.split("=", 1))
    body = struct.pack(">i", 1) + text(name) + struct.pack(">ihii", int(partitions), 1, 0, len(properties)) + config + struct.pack(">i?", 15000, False)
    answer = ask(address, 19, 2, body)
    answer.number("i")  # throttle
    for _ in range(answer.number("i")):
        answer.text()
        code, words = answer.number("h"), answer.text()
        if code not in (0, 36):
            sys.exit(f"ask: topic {name}: error {code} {words}")
    while metadata_error(address, name):  # the controller has made it a moment before the broker knows of it
        time.sleep(0.05)

def metadata_error(address, name):
    answer = ask(address, 3, 1, struct.pack(">i", 1) + text(name))
    for _ in range(answer.number("i")):
        answer.number("i"), answer.text(), answer.number("i"), answer.text()  # a broker: id, host, port, rack
    answer.number("i")  # controller
    answer.number("i")  # one topic
    return answer.number("h")

def delete(address, name):
    answer = ask(address, 20, 1, struct.pack(">i", 1) + text(name) + struct.pack(">i", 15000))
    answer.number("i"), answer.number("i"), answer.text()  # throttle, one topic, its name
    code = answer.number("h")
    if code:
        sys.exit(f"ask: delete {name}: error {code}")
    while not metadata_error(address, name):  # the broker hears of it a moment after the controller
        time.sleep(0.05)

def commit(address, group, name, offset):
    body = text(group) + struct.pack(">i", -1) + text("") + struct.pack(">qi", -1, 1) + text(name) + struct.pack(">iiq", 1, 0, int(offset)) + text("")
    answer = ask(address, 8, 2, body)
    answer.number("i"), answer.text(), answer.number("i"), answer.number("i")  # one topic, its name, one partition
    code = answer.number("h")
    if code:
        sys.exit(f"ask: commit of {group}: error {code}")

def offsets(address, group, name):
    """The group's committed offset of each partition of the topic that has one."""
    answer = ask(address, 9, 2, text(group) + struct.pack(">i", -1))  # every topic of the group
    found = {}
    for _ in range(answer.number("i")):
        wanted = answer.text() == name
        for _ in range(answer.number("i")):
            partition, offset = answer.number("i"), answer.number("q")
            answer.text()
            answer.number("h")
            if wanted and offset > 0:
                found[partition] = offset
    return found

def committed(address, group, name):
    print(sum(offsets(address, group, name).values()))

def forget(address, name, offset):
    answer = ask(address, 21, 0, struct.pack(">i", 1) + text(name) + struct.pack(">iiqi", 1, 0, int(offset), 15000))
    answer.number("i"), answer.number("i"), answer.text(), answer.number("i")  # throttle, one topic, its name, one partition
    answer.number("i")
    begins, code = answer.number("q"), answer.number("h")
    if code or begins != int(offset):
        sys.exit(f"ask: records of {name}: error {code}, the log begins at {begins}")

def crc32c(data):
    value = 0xFFFFFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
    return value ^ 0xFFFFFFFF

def varint(number):
    number, out = number << 1 if number >= 0 else ~(number << 1), b""
    while number > 127:
        out, number = out + bytes([number & 127 | 128]), number >> 7
    return out + bytes([number])

def batch(records):
    """[(ms, value)] as one record batch."""
    first, body = records[0][0], b""
    for at, (ms, value) in enumerate(records):
        record = b"\0" + varint(ms - first) + varint(at) + varint(-1) + varint(len(value)) + value + varint(0)
        body += varint(len(record)) + record
    last = len(records) - 1
    head = struct.pack(">hiqqqhii", 0, last, first, max(ms for ms, _ in records), -1, -1, -1, len(records))
    checked = head + body
    return struct.pack(">qiibI", 0, len(checked) + 9, -1, 2, crc32c(checked)) + checked

def put(address, name):
    by_partition = {}
    for line in sys.stdin.buffer.read().splitlines():
        partition, ms, value = line.split(b"\t", 2)
        by_partition.setdefault(int(partition), []).append((int(ms), value))
    for partition, records in by_partition.items():
        data = batch(records)
        body = struct.pack(">hhii", -1, -1, 15000, 1) + text(name) + struct.pack(">iii", 1, partition, len(data)) + data
        answer = ask(address, 0, 3, body)
        answer.number("i"), answer.text(), answer.number("i"), answer.number("i")  # one topic, its name, one partition
        code = answer.number("h")
        if code:
            sys.exit(f"ask: put into {name}/{partition}: error {code}")

if __name__ == "__main__":
    try:
        {"topic": topic, "delete": delete, "commit": commit, "committed": committed, "forget": forget, "put": put}[sys.argv[2]](sys.argv[1], *sys.argv[3:])
    except (IndexError, KeyError, TypeError):
        sys.exit(__doc__)
    except OSError as error:
        sys.exit(f"ask: {sys.argv[1]}: {error}")
