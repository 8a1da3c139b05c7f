#!/usr/bin/env python3
"""A wide-area link on one machine, in user space, for kernels without netem. Root, Linux, Python 3.8 or later.

    router.py nsA nsB [nsC …] --delay 40 --jitter 10 --loss 1 --seconds 600 [--way nsA:nsB:80] [--forward 8080]

Makes a network namespace of each name, with `lo`, a TUN device, an address of one /24 and a default route over it.
Packets between them are dropped (loss, percent) or delayed by `delay` + |gauss(0, jitter)| ms one way, in order, as a
queue does; `--way FROM:TO:MS` gives one direction a delay of its own. The last name is the server's: each
`--forward PORT` is to be found at 127.0.0.1 of all the others too (a page needs that to be a secure context), and
what is sent there crosses the link. Measures the round trips, prints one line of JSON, and runs until its standard
input ends or the seconds are over; then it deletes the namespaces. Nothing leaves this machine.

Each line of its standard input is JSON that changes the link from then on, as far as it names: `delay`, `jitter`,
`loss`, `reorder` and `duplicate` (percent: sent ahead of what is queued, sent twice) and `rate` (kbit/s of each
direction, 0 for no limit; what waits longer than half a second is dropped, as a router's queue does).
"""
import argparse
import asyncio
import ctypes
import fcntl
import heapq
import json
import os
import random
import select
import signal
import socket
import struct
import subprocess
import sys
import time

NET = "10.203.7."
TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 0x0001, 0x1000
CLONE_NEWNET = 0x40000000
PR_SET_PDEATHSIG = 1
MTU = 1500
ECHO_PORT = 7007
PROBES = 30
PROBE_GAP_S = 0.03
ANSWER_WITHIN_S = 2.0
ATTEMPTS = 4
QUEUE_S = 0.5

libc = ctypes.CDLL(None, use_errno=True)


def enter(name):
    """This process's network becomes the namespace's."""
    fd = os.open("/var/run/netns/" + name, os.O_RDONLY)
    try:
        if libc.setns(fd, CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "setns " + name)
    finally:
        os.close(fd)


def ip(*words):
    subprocess.run(["ip", *words], check=True, stderr=subprocess.PIPE)


def open_tun(name, address):
    """The namespace's end of the link; the descriptor stays usable from outside."""
    home = os.open("/proc/self/ns/net", os.O_RDONLY)
    enter(name)
    try:
        tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH", b"wan0", IFF_TUN | IFF_NO_PI))
    finally:
        libc.setns(home, CLONE_NEWNET)
        os.close(home)
    ip("-n", name, "link", "set", "lo", "up")
    ip("-n", name, "addr", "add", address + "/24", "dev", "wan0")
    ip("-n", name, "link", "set", "wan0", "mtu", str(MTU), "up")
    ip("-n", name, "route", "add", "default", "dev", "wan0")
    return tun


def child(work):
    """Runs `work` in a process that ends with this one."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        work()
        code = 0
    except Exception as error:  # told, then the child ends: nothing may run on in it
        print("router.py:", error, file=sys.stderr)
    finally:
        os._exit(code)


async def pump(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
    except (ConnectionError, OSError):
        writer.close()  # one side is gone: so is the other


async def serve_place(server_address, ports):
    """The server's ports at this place's own 127.0.0.1, and an echo for the round trips."""

    async def connected(port, reader, writer):
        try:
            far_reader, far_writer = await asyncio.open_connection(server_address, port)
        except OSError:
            writer.close()  # nobody listens there (yet)
            return
        for one in (writer, far_writer):
            one.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await asyncio.gather(pump(reader, far_writer), pump(far_reader, writer))
        writer.close()
        far_writer.close()

    class Echo(asyncio.DatagramProtocol):
        def connection_made(self, transport):
            self.transport = transport

        def datagram_received(self, data, address):
            self.transport.sendto(data, address)

    loop = asyncio.get_running_loop()
    await loop.create_datagram_endpoint(Echo, local_addr=("0.0.0.0", ECHO_PORT))
    running = set()  # the loop itself holds tasks only weakly

    def accept(port, reader, writer):
        task = loop.create_task(connected(port, reader, writer))
        running.add(task)
        task.add_done_callback(running.discard)

    for port in ports:
        await asyncio.start_server(lambda r, w, p=port: accept(p, r, w), "127.0.0.1", port)
    await asyncio.Event().wait()


def live_at(name, server_address, ports):
    enter(name)
    asyncio.run(serve_place(server_address, ports))


def measure(name, targets, out):
    """Round trips from one place to others; one line of JSON into the pipe `out`."""
    enter(name)
    probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    found = {target: [] for target in targets.values()}
    end = time.monotonic() + PROBES * PROBE_GAP_S + ANSWER_WITHIN_S
    sent, next_at = 0, time.monotonic()
    while time.monotonic() < end:
        if sent < PROBES and time.monotonic() >= next_at:
            for address in found:
                probe.sendto(struct.pack("d", time.monotonic()), (address, ECHO_PORT))
            sent, next_at = sent + 1, next_at + PROBE_GAP_S
        probe.settimeout(0.005)
        try:
            data, (address, _) = probe.recvfrom(64)
            found[address].append((time.monotonic() - struct.unpack("d", data)[0]) * 1000)
        except socket.timeout:
            pass
        if sent == PROBES and all(len(times) == PROBES for times in found.values()):
            break
    answer = {
        target: {
            "medianMs": round(sorted(found[address])[len(found[address]) // 2], 2) if found[address] else None,
            "lostPct": round(100 * (1 - len(found[address]) / PROBES), 1),
        }
        for target, address in targets.items()
    }
    os.write(out, json.dumps(answer).encode() + b"\n")


class Link:
    """Packets on their way: a heap by due time, each direction in order."""

    def __init__(self, tuns, delay_of, jitter, loss):
        self.tuns, self.delay_of, self.jitter, self.loss = tuns, delay_of, jitter, loss
        self.reorder, self.duplicate, self.rate = 0.0, 0.0, 0.0
        self.free_at = {}
        self.on_way, self.last_due, self.count = [], {}, 0
        self.passed, self.dropped = 0, 0

    def take(self, source):
        while True:
            try:
                packet = os.read(self.tuns[source], 65536)
            except BlockingIOError:
                return
            if len(packet) < 20 or packet[0] >> 4 != 4:
                continue
            to = socket.inet_ntoa(packet[16:20])
            if to not in self.tuns or to == source:
                continue
            if random.random() * 100 < self.loss:
                self.dropped += 1
                continue
            self.send(source, to, packet)
            if random.random() * 100 < self.duplicate:
                self.send(source, to, packet)

    def send(self, source, to, packet):
        way, now = (source, to), time.monotonic()
        if self.rate > 0:
            # Bits leave one after the other.
            starts = max(now, self.free_at.get(way, 0))
            if starts - now > QUEUE_S:
                self.dropped += 1
                return
            now = self.free_at[way] = starts + len(packet) * 8 / (self.rate * 1000)
        due = now + (self.delay_of(source, to) + abs(random.gauss(0, self.jitter))) / 1000
        if random.random() * 100 < self.reorder:
            # Ahead of the queue: at once, as netem has it.
            due = now
        else:
            due = self.last_due[way] = max(due, self.last_due.get(way, 0))
        self.count += 1
        heapq.heappush(self.on_way, (due, self.count, to, packet))

    def deliver(self):
        while self.on_way and self.on_way[0][0] <= time.monotonic():
            _, _, to, packet = heapq.heappop(self.on_way)
            try:
                os.write(self.tuns[to], packet)
                self.passed += 1
            except (BlockingIOError, OSError):
                self.dropped += 1  # the device's queue is full, as a router's may be

    def run(self, until, also=None, on_also=None):
        """Until the time is over, or `on_also` says that what came on `also` was the end."""
        addresses = {fd: address for address, fd in self.tuns.items()}
        watched = [*addresses, *([] if also is None else [also])]
        while time.monotonic() < until:
            first = self.on_way[0][0] if self.on_way else until
            wait = max(0.0, min(first, until) - time.monotonic())
            ready, _, _ = select.select(watched, [], [], wait)
            for fd in ready:
                if fd in addresses:
                    self.take(addresses[fd])
                elif on_also(fd):
                    return
            self.deliver()


def options():
    parser = argparse.ArgumentParser(description="A wide-area link between network namespaces of this machine.")
    parser.add_argument("names", nargs="+", help="namespaces to make, the server's last")
    parser.add_argument("--delay", type=float, default=40, help="one way, ms")
    parser.add_argument("--jitter", type=float, default=0, help="deviation of what comes on top, ms")
    parser.add_argument("--loss", type=float, default=0, help="percent")
    parser.add_argument("--seconds", type=float, default=600, help="after which it ends by itself")
    parser.add_argument("--way", action="append", default=[], metavar="FROM:TO:MS")
    parser.add_argument("--forward", action="append", type=int, default=[], metavar="PORT")
    given = parser.parse_args()
    if len(given.names) < 2 or len(set(given.names)) != len(given.names):
        parser.error("name at least two namespaces, each once")
    for name in given.names:
        if not name.replace("-", "").isalnum() or len(name) > 60:
            parser.error("a namespace's name has letters, digits and dashes: " + name)
    for way in given.way:
        parts = way.split(":")
        if len(parts) != 3 or parts[0] not in given.names or parts[1] not in given.names:
            parser.error("--way is FROM:TO:MS with two of the names: " + way)
    return given


def problem(one, found, given, ways):
    """The link must be what was asked for, or every figure over it is wrong. Says what is not, or None."""
    for other, measured in found.items():
        asked = sum(ways.get(key, given.delay) for key in ((one, other), (other, one)))
        median = measured["medianMs"]
        if median is None or not asked - 1 <= median <= asked + 4 * given.jitter + 10:
            return f"{one} to {other} was to have a round trip of {asked:g} ms or a little more, and has {median}"
    return None


class Orders:
    """Lines of standard input, each a change of the link."""

    def __init__(self, link, set_delay):
        self.link, self.set_delay, self.rest = link, set_delay, b""

    def read(self, fd):
        """Whether that was the end."""
        data = os.read(fd, 4096)
        *lines, self.rest = (self.rest + data).split(b"\n")
        for line in lines:
            for name, value in json.loads(line).items():
                if name == "delay":
                    self.set_delay(float(value))
                elif name in ("jitter", "loss", "reorder", "duplicate", "rate"):
                    setattr(self.link, name, float(value))
                else:
                    sys.exit("router.py: the link has no " + name)
        return data == b""


def main():
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        sys.exit("router.py: needs Linux and root, because it makes network namespaces")
    given = options()
    addresses = {name: NET + str(i + 1) for i, name in enumerate(given.names)}
    ways = {}
    for way in given.way:
        source, to, delay = way.split(":")
        ways[(source, to)] = float(delay)
    by_address = {address: name for name, address in addresses.items()}
    server = given.names[-1]
    made, children = [], []
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    until = time.monotonic() + given.seconds
    try:
        tuns = {}
        for name in given.names:
            ip("netns", "add", name)
            made.append(name)
            tuns[addresses[name]] = open_tun(name, addresses[name])
        for name in given.names:
            ports = [] if name == server else given.forward
            children.append(child(lambda n=name, p=ports: live_at(n, addresses[server], p)))
        time.sleep(0.5)
        try:
            os.nice(-10)  # packets wait for nobody
        except OSError:
            pass  # then they may be a little late, which the check shows
        link = Link(tuns, lambda a, b: ways.get((by_address[a], by_address[b]), given.delay), given.jitter, given.loss)
        rtts = {}
        for i, name in enumerate(given.names[:-1]):
            targets = {other: addresses[other] for other in given.names[i + 1 :]}
            for attempt in range(ATTEMPTS):
                out_read, out_write = os.pipe()
                children.append(child(lambda n=name, t=targets, o=out_write: measure(n, t, o)))
                os.close(out_write)
                heard = []
                link.run(min(until, time.monotonic() + 8), out_read, lambda fd: heard.append(os.read(fd, 65536)) is None)
                os.close(out_read)
                found = json.loads(heard[0]) if heard and heard[0] else {other: {"medianMs": None} for other in targets}
                wrong = problem(name, found, given, ways)
                if wrong is None:
                    break
            else:
                sys.exit(f"router.py: {wrong}; is the machine too busy?")
            for other, measured in found.items():
                rtts[name + "-" + other] = measured
        print(json.dumps({"addresses": addresses, "rtts": rtts}), flush=True)
        link.run(until, sys.stdin.fileno(), Orders(link, lambda ms: setattr(given, "delay", ms)).read)
        print(json.dumps({"passed": link.passed, "dropped": link.dropped}), file=sys.stderr)
    finally:
        for pid in children:
            try:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
            except (ProcessLookupError, ChildProcessError):
                pass  # ended by itself
        for name in made:
            subprocess.run(["ip", "netns", "del", name], check=False)


main()
