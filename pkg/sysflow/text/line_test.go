package text

import (
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/sysflowtest"
)

// noon is 2026-03-01T12:00:00.123456789Z.
const noon = int64(1772366400_123456789)

var (
	shell = &sysflow.Process{OID: sysflow.OID{CreateTS: 1, HPID: 4711}, Exe: "/usr/bin/bash", ExeArgs: "-c ls"}
	web   = &sysflow.Container{ID: "c010f5a08549", Name: "web"}
)

func TestLine(t *testing.T) {
	v4, v6 := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("::1")
	for _, tc := range []struct {
		name string
		o    plogs.Observation
		want string
	}{
		{
			"exec",
			plogs.Observation{Process: shell, Event: &sysflow.ProcessEvent{TS: noon, OpFlags: sysflow.OpExec}},
			"12:00:00.123456  PE  bash[4711]              EXEC         /usr/bin/bash -c ls",
		},
		{
			"failed exec",
			plogs.Observation{Process: shell, Event: &sysflow.ProcessEvent{TS: noon, OpFlags: sysflow.OpExec, Ret: -2}},
			"12:00:00.123456  PE  bash[4711]              EXEC         /usr/bin/bash -c ls                           failed: no such file or directory",
		},
		{
			"clone, parent",
			plogs.Observation{Process: shell, Event: &sysflow.ProcessEvent{TS: noon, OpFlags: sysflow.OpClone, Ret: 4712}},
			"12:00:00.123456  PE  bash[4711]              CLONE                                                      child 4712",
		},
		{
			"clone, child",
			plogs.Observation{Process: shell, Event: &sysflow.ProcessEvent{TS: noon, OpFlags: sysflow.OpClone}},
			"12:00:00.123456  PE  bash[4711]              CLONE",
		},
		{
			"exit",
			plogs.Observation{Process: shell, Container: web, Event: &sysflow.ProcessEvent{TS: noon, OpFlags: sysflow.OpExit, Ret: 256}},
			"12:00:00.123456  PE  bash[4711]              EXIT                                                       status 1  [web c010f5a08549]",
		},
		{
			"container that nothing describes",
			plogs.Observation{
				Process: &sysflow.Process{OID: sysflow.OID{HPID: 4711}, Exe: "/bin/bash", ContainerID: "c010f5a08549"},
				Event:   &sysflow.ProcessEvent{TS: noon, OpFlags: sysflow.OpExit, Ret: 256},
			},
			"12:00:00.123456  PE  bash[4711]              EXIT                                                       status 1  [c010f5a08549]",
		},
		{
			"killed",
			plogs.Observation{Process: shell, Event: &sysflow.ProcessEvent{TS: noon, OpFlags: sysflow.OpExit, Ret: 0x8b}},
			"12:00:00.123456  PE  bash[4711]              EXIT                                                       killed by signal 11 (core dumped)",
		},
		{
			"setuid",
			plogs.Observation{Process: shell, Event: &sysflow.ProcessEvent{TS: noon, OpFlags: sysflow.OpSetuid, Args: []string{"root"}, Ret: -1}},
			"12:00:00.123456  PE  bash[4711]              SETUID       root                                          failed: operation not permitted",
		},
		{
			"file flow",
			plogs.Observation{
				Process: shell, File: &sysflow.File{Path: "/etc/passwd"}, Container: web,
				Pod: &sysflow.Pod{Namespace: "shop", Name: "web-1"},
				Event: &sysflow.FileFlow{
					TS: noon, EndTS: noon + 45_600, OpFlags: sysflow.OpOpen | sysflow.OpReadRecv | sysflow.OpClose,
					Counters: sysflow.Counters{NumRRecvOps: 1, NumRRecvBytes: 1024},
				},
			},
			"12:00:00.123456  FF  bash[4711]              O   R   C    /etc/passwd                                   r 1/1024B  46µs  [shop/web-1 web c010f5a08549]",
		},
		{
			"rename",
			plogs.Observation{
				Process: shell, File: &sysflow.File{Path: "/tmp/a"}, NewFile: &sysflow.File{Path: "/tmp/b\x1b[2J"},
				Event: &sysflow.FileEvent{TS: noon, OpFlags: sysflow.OpRename},
			},
			`12:00:00.123456  FE  bash[4711]              RENAME       /tmp/a -> /tmp/b\x1b[2J`,
		},
		{
			"network flow",
			plogs.Observation{Process: shell, Event: &sysflow.NetworkFlow{
				TS: noon, EndTS: noon + 12_345_678_901, OpFlags: sysflow.OpConnect | sysflow.OpWriteSend | sysflow.OpTruncate,
				SIP: v4, SPort: 40556, DIP: v4, DPort: 80, Proto: sysflow.ProtoTCP,
				Counters: sysflow.Counters{NumWSendOps: 2, NumWSendBytes: 74, NumRRecvOps: 3},
			}},
			"12:00:00.123456  NF  bash[4711]                CW     T   tcp 192.0.2.1:40556 -> 192.0.2.1:80           r 3/0B  w 2/74B  12.346s",
		},
		{
			"network event, IPv6",
			plogs.Observation{Process: shell, Event: &sysflow.NetworkEvent{
				TS: noon, OpFlags: sysflow.OpConnect, SIP: v6, DIP: v6, DPort: 53, Proto: sysflow.ProtoUDP, Ret: -111,
			}},
			"12:00:00.123456  NE  bash[4711]                C          udp [::1]:0 -> [::1]:53                       failed: connection refused",
		},
		{
			"process flow",
			plogs.Observation{Process: shell, Event: &sysflow.ProcessFlow{
				TS: noon, EndTS: noon + 150_000_000, OpFlags: sysflow.OpClone | sysflow.OpExit,
				NumThreadsCloned: 3, NumThreadsExited: 2, NumCloneErrors: 1,
			}},
			"12:00:00.123456  PF  bash[4711]              CLONEEXIT                                                  threads started 3  ended 2  failed 1  150ms",
		},
		{
			"kubernetes event",
			plogs.Observation{Event: &sysflow.K8sEvent{TS: noon, ComponentKind: sysflow.K8sPods, Message: "{}\n"}},
			`12:00:00.123456  KE                                       K8S_PODS K8S_COMPONENT_ADDED {}\n`,
		},
		{
			"operation of a process",
			plogs.Observation{Process: shell, Event: &sysflow.ProcessEvent{
				TS: noon, OpFlags: sysflow.OpPtrace, Args: []string{"request=PTRACE_ATTACH", "pid=7"}, Ret: -1,
			}},
			"12:00:00.123456  PE  bash[4711]              PTRACE       request=PTRACE_ATTACH pid=7                   failed: operation not permitted",
		},
		{
			"chmod",
			plogs.Observation{Process: shell, File: &sysflow.File{Path: "/tmp/a"}, Event: &sysflow.FileEvent{
				TS: noon, OpFlags: sysflow.OpChmod, Args: []string{"mode=04755"},
			}},
			"12:00:00.123456  FE  bash[4711]              CHMOD        /tmp/a mode=04755",
		},
		{
			"failed open",
			plogs.Observation{Process: shell, File: &sysflow.File{Path: "/etc/shadow"}, Event: &sysflow.FileEvent{
				TS: noon, OpFlags: sysflow.OpOpen, Ret: -13,
			}},
			"12:00:00.123456  FE  bash[4711]              O            /etc/shadow                                   failed: permission denied",
		},
		{
			"socket",
			plogs.Observation{Process: shell, Event: &sysflow.NetworkEvent{
				TS: noon, OpFlags: sysflow.OpSocket, Proto: sysflow.ProtoUnknown, Args: []string{"domain=AF_PACKET"},
			}},
			"12:00:00.123456  NE  bash[4711]              SOCKET       domain=AF_PACKET",
		},
		{
			"listen",
			plogs.Observation{Process: shell, Event: &sysflow.NetworkEvent{
				TS: noon, OpFlags: sysflow.OpListen, SIP: v4, SPort: 80, Proto: sysflow.ProtoTCP, Args: []string{"backlog=5"},
			}},
			"12:00:00.123456  NE  bash[4711]              LISTEN       tcp 192.0.2.1:80 backlog=5",
		},
		{
			"dup",
			plogs.Observation{Process: shell, Event: &sysflow.NetworkEvent{
				TS: noon, OpFlags: sysflow.OpDup, SIP: v4, SPort: 4, DIP: v4, DPort: 80, Proto: sysflow.ProtoTCP, FD: 1,
			}},
			"12:00:00.123456  NE  bash[4711]              DUP          tcp 192.0.2.1:4 -> 192.0.2.1:80               fd 1",
		},
		{
			"gap",
			plogs.Observation{Event: &sysflow.Gap{TS: noon, EndTS: noon + 62e9, Cause: "ring_buffer_full", Count: 123}},
			"12:00:00.123456  GAP                                      12:00:00-12:01:02 ring_buffer_full 123",
		},
		{
			"nothing known, before the epoch",
			plogs.Observation{Event: &sysflow.FileFlow{TS: -1, EndTS: -1, OpFlags: sysflow.OpClose}},
			"23:59:59.999999  FF                                  C",
		},
		{
			"long name",
			plogs.Observation{
				Process: &sysflow.Process{OID: sysflow.OID{HPID: 123456}, Exe: "/opt/a-name-that-is-much-too-long"},
				Event:   &sysflow.ProcessEvent{TS: noon, OpFlags: sysflow.OpExit},
			},
			"12:00:00.123456  PE  a-name-that-is[123456]  EXIT                                                       status 0",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := NewLineFormatter(LineOptions{Location: time.UTC})
			assert.Equal(t, "> "+tc.want+"\n", string(f.Append([]byte("> "), &tc.o)))
		})
	}
}

func TestLineOfEntitiesIsEmpty(t *testing.T) {
	f := NewLineFormatter(LineOptions{})
	assert.Empty(t, f.Append(nil, &plogs.Observation{Process: shell}))
	assert.Empty(t, f.Append(nil, &plogs.Observation{Event: shell}))
}

func TestLineLocalTime(t *testing.T) {
	zone := time.FixedZone("", 2*3600)
	f := NewLineFormatter(LineOptions{Location: zone})
	o := &plogs.Observation{Event: &sysflow.ProcessFlow{TS: noon}}
	assert.True(t, strings.HasPrefix(string(f.Append(nil, o)), "14:00:00.123456 "))
}

func TestLineFits(t *testing.T) {
	path := "/a/directory/with/many/levels/that/does/not/fit/größe.txt"
	o := &plogs.Observation{
		Process: shell, File: &sysflow.File{Path: path}, Container: web,
		Event: &sysflow.FileEvent{TS: noon, OpFlags: sysflow.OpUnlink},
	}
	f := NewLineFormatter(LineOptions{Location: time.UTC, Width: 110})
	line := string(f.Append(nil, o))
	assert.Equal(t, 110, utf8.RuneCountInString(strings.TrimSuffix(line, "\n")))
	assert.Contains(t, line, " ..ls/that/does/not/fit/größe.txt  [web c010f5a08549]")

	f = NewLineFormatter(LineOptions{Location: time.UTC, Width: 20})
	assert.Contains(t, string(f.Append(nil, o)), " ../größe.txt", "something stays, however narrow")
}

func TestLineColor(t *testing.T) {
	o := &plogs.Observation{
		Process: shell, Container: web, File: &sysflow.File{Path: "/x"},
		Event: &sysflow.FileEvent{TS: noon, OpFlags: sysflow.OpMkdir, Ret: -17},
	}
	colored := string(NewLineFormatter(LineOptions{Location: time.UTC, Color: true}).Append(nil, o))
	plain := string(NewLineFormatter(LineOptions{Location: time.UTC}).Append(nil, o))
	assert.Contains(t, colored, "\x1b[2m12:00:00.123456\x1b[0m  \x1b[34mFE\x1b[0m")
	assert.Contains(t, colored, "\x1b[31mfailed: file exists\x1b[0m")
	for _, seq := range append(sequences[1:], styleEnd) {
		colored = strings.ReplaceAll(colored, seq, "")
	}
	assert.Equal(t, plain, colored)
}

// TestLineIsOneLine renders a generated trace.
func TestLineIsOneLine(t *testing.T) {
	f := NewLineFormatter(LineOptions{})
	for _, rec := range sysflowtest.RecordsV6(rand.New(rand.NewPCG(5, 6)), 2000) {
		if rec.Kind().IsEntity() {
			continue
		}
		line := string(f.Append(nil, &plogs.Observation{Process: shell, Event: rec}))
		assert.Equal(t, 1, strings.Count(line, "\n"), "%q", line)
		assert.Contains(t, line, rec.Kind().String())
	}
}

func BenchmarkLine(b *testing.B) {
	o := &plogs.Observation{
		Process: shell, File: &sysflow.File{Path: "/etc/passwd"}, Container: web,
		Event: &sysflow.FileFlow{
			TS: noon, EndTS: noon + 45_600, OpFlags: sysflow.OpOpen | sysflow.OpReadRecv | sysflow.OpClose,
			Counters: sysflow.Counters{NumRRecvOps: 1, NumRRecvBytes: 1024},
		},
	}
	f := NewLineFormatter(LineOptions{Width: 160, Color: true})
	dst := make([]byte, 0, 512)
	b.ReportAllocs()
	for b.Loop() {
		dst = f.Append(dst[:0], o)
	}
}
