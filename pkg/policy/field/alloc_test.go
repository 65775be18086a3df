package field

import (
	"net/netip"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// typical are records as they come.
func typical() []*Record {
	p, detailed, node := family(), detailedFamily(), &Node{Name: "n", IP: "192.0.2.1", SchemaVersion: 5, TraceFile: "a/b.sf"}
	return []*Record{
		{Kind: sysflow.KindProcessEvent, Ops: sysflow.OpExec, HasRet: true, Process: p, Node: node},
		{
			Kind: sysflow.KindFileFlow, Ops: sysflow.OpOpen | sysflow.OpReadRecv, File: File{Path: "/etc/shadow", Type: 'f'},
			OpenFlags: sysflow.OpenReadOnly, Process: p, Node: node,
		},
		{
			Kind: sysflow.KindNetworkFlow, Ops: sysflow.OpReadRecv, SIP: netip.MustParseAddr("10.0.0.5"), DIP: netip.MustParseAddr("10.0.0.6"),
			Proto: 6, Process: p, Node: node,
		},
		{Kind: sysflow.KindFileEvent, Ops: sysflow.OpRename, File: File{Path: "/a", Type: '?'}, NewFile: File{Path: "/b"}, Process: p, Node: node},
		{Kind: sysflow.KindProcessEvent, Ops: sysflow.OpPtrace, HasRet: true, Args: []string{"request=PTRACE_ATTACH", "pid=7"}, Process: detailed, Node: node},
		{
			Kind: sysflow.KindFileEvent, Ops: sysflow.OpChmod, HasRet: true, Args: []string{"mode=04755"}, File: File{Path: "/a", Type: 'f'},
			Process: detailed, Node: node,
		},
		{
			Kind: sysflow.KindNetworkEvent, Ops: sysflow.OpDup, HasRet: true, Args: []string{"oldfd=3"}, FD: 3, Proto: 6,
			SIP: netip.MustParseAddr("10.0.0.5"), DIP: netip.MustParseAddr("10.0.0.6"), Process: detailed, Node: node,
		},
	}
}

// Only texts that must be made cost memory, and command lines but once.
func TestGettersDoNotAllocate(t *testing.T) {
	made := []string{
		"container.labels", "container.mounts", "container.mount[0]", "container.mount[1]",
		"evt.abspath", "evt.arg.addr", "evt.arg.tuple", "evt.args", "evt.info", "evt.datetime", "evt.datetime.s", "evt.time", "evt.time.iso8601", "evt.time.s", "evt.outputtime",
		"fd.cip.name", "fd.sip.name", "fd.lip.name", "fd.rip.name", "fd.containerdirectory", "fd.containername", "fd.name", "fd.uid", "fd.cproto", "fd.sproto", "fd.lproto", "fd.rproto",
		"k8s.pod.ip", "k8s.pod.labels", "k8smeta.pod.ip", "k8smeta.pod.labels", "proc.env", "proc.aenv[0]", "proc.aenv[1]",
		"sf.file.newoid", "sf.file.oid", "sf.proc.oid", "sf.pproc.oid", "sf.res",
	}
	var v Value
	all := refs()
	for _, r := range typical() {
		for _, ref := range all {
			if slices.Contains(made, ref.Text) || ref.Def.Arg == JSONPath {
				continue
			}
			allocs := testing.AllocsPerRun(2, func() {
				v.Reset()
				ref.Get(r, ref.Arg, &v)
			})
			assert.Zero(t, allocs, "%s of %s", ref.Text, r.Kind)
		}
	}
}

// Records of two programs may alternate: flows from before an exec end after it.
func TestCommandLinesOfTwoProgramsAreKept(t *testing.T) {
	p := &Process{}
	line := func(exe, args string) string {
		p.Exe, p.ExeArgs = exe, args
		return p.sfCmdline() + "; " + p.falcoCmdline()
	}
	assert.Equal(t, "/bin/sh -c id; sh -c id", line("/bin/sh", "-c id"))
	assert.Equal(t, "/bin/id -u; id -u", line("/bin/id", "-u"))
	assert.Zero(t, testing.AllocsPerRun(10, func() {
		for _, program := range [...][2]string{{"/bin/sh", "-c id"}, {"/bin/id", "-u"}} {
			p.Exe, p.ExeArgs = program[0], program[1]
			_, _ = p.sfCmdline(), p.falcoCmdline()
		}
	}))
	assert.Equal(t, "/bin/ls /; ls /", line("/bin/ls", "/"))
	assert.Equal(t, "/bin/sh -c id; sh -c id", line("/bin/sh", "-c id"))
}

func BenchmarkGet(b *testing.B) {
	records := typical()
	var v Value
	for _, name := range []string{"sf.proc.name", "proc.name", "sf.proc.aname", "sf.opflags", "evt.type", "sf.file.directory", "fd.name", "proc.cmdline", "fd.sip", "sf.net.proto"} {
		d, _ := Lookup(name)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				v.Reset()
				d.Get(records[i%len(records)], Arg{}, &v)
			}
		})
	}
}
