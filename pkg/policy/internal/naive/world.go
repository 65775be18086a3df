package naive

import (
	"math/rand/v2"
	"net/netip"
	"time"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// World makes random records of a few processes, files and hosts, so that values recur. Some
// of what records may lack is missing now and then.
type World struct {
	rnd       *rand.Rand
	nodes     []*field.Node
	processes []*field.Process
	now       int64
}

// The words of the world.
var (
	exes = []string{
		"", "/bin/sh", "/bin/bash", "/usr/bin/curl", "/usr/sbin/nginx", "/usr/sbin/sshd", "nosl", "/opt/App/Run.SH",
		"/usr/lib/a-very-long-name-of-a-program", "/", "/usr/bin/",
	}
	arguments = []string{
		"", "-c id", "-c ls,id -la", "--help", "-o /tmp/x http://10.0.0.1/a", "-nt /etc/passwd", "x", "Y2F0IC9ldGM=", " two  blanks ",
	}
	users = []struct {
		id   int32
		name string
	}{{0, "root"}, {33, "www-data"}, {1000, "Alice"}, {sysflow.UnknownID, ""}, {1000, ""}}
	environments = [][]string{nil, {"HOME=/root"}, {"HOME=/", "A=1", "PATH=/bin:/usr/bin"}, {"LD_PRELOAD=/tmp/x.so", "A="}}
	containers   = []*sysflow.Container{
		{ID: "abc123", Name: "web", Image: "docker.io/library/nginx:1.25", ImageID: "sha256:aa", Type: sysflow.ContainerDocker, Privileged: true},
		{
			ID: "abc124", Name: "job", Image: "job:1", Type: sysflow.ContainerCustom, Runtime: "podman", ImageDigest: "sha256:bb",
			Labels: map[string]string{"app": "job", "a": ""},
			Mounts: []sysflow.Mount{{Source: "/proc", Destination: "/host/proc", Mode: "ro"}, {Source: "/etc", Destination: "/data", RW: true}},
		},
		{ID: "def456", Name: "db", Image: "postgres", Type: sysflow.ContainerContainerd, PodID: "pod1"},
	}
	pod = &sysflow.Pod{
		TS: 5, ID: "pod1", Name: "db-0", NodeName: "n1", Namespace: "prod", RestartCount: 2,
		HostIP: []int64{0x0100000a}, InternalIP: []int64{0x0500000a, 0x0600000a},
		Labels:   map[string]string{"app": "db"},
		Services: []sysflow.Service{{Name: "db", ID: "s1", Namespace: "prod", PortList: []sysflow.Port{{Port: 5432, Proto: "TCP"}}}},
	}
	paths = []string{
		"", "/", "/etc/passwd", "/etc/shadow", "/etc/ssh/sshd_config", "/root/.ssh/id_rsa", "/tmp/x", "/tmp/x/y.SH", "/tmp", "/dev/null",
		"/dev/log", "/run/docker.sock", "ffff88->ffff89 /run/docker.sock", "relative/path", "/etc/Ünï", "/proc/1/root/etc/shadow", "/a b/c,d",
	}
	fileTypes = []sysflow.FileType{sysflow.FileRegular, sysflow.FileRegular, sysflow.FileDirectory, sysflow.FileUnix, sysflow.FilePipe, sysflow.FileUnknown}
	addresses = []string{"10.0.0.5", "10.0.0.6", "10.1.0.5", "127.0.0.1", "203.0.113.7", "0.0.0.0", "::1", "2001:db8::7", "fe80::1"}
	ports     = []int32{0, 22, 53, 80, 443, 4444, 40000, 65535}
	protocols = []int32{sysflow.ProtoTCP, sysflow.ProtoUDP, sysflow.ProtoICMP, sysflow.ProtoRaw, sysflow.ProtoUnknown, 132}
	results   = []int32{0, 0, 1, -1, -2, -13, 5, 256}
	counts    = []int64{0, 1, 2, 100, 4096, 1 << 33}
	// What records have since version 6.
	taskNames    = []string{"", "sh", "bash", "kworker/0:1", "nginx"}
	capabilities = []int64{0, 1, 1 << 21, 1<<41 - 1, 1<<21 | 1<<12}
	origins      = []sysflow.Origin{0, 0, sysflow.OriginSyscall, sysflow.OriginIOUring, sysflow.OriginSyscall | sysflow.OriginIOUring}
	processOps   = []sysflow.OpFlags{
		sysflow.OpClone, sysflow.OpExec, sysflow.OpExec, sysflow.OpExec, sysflow.OpExit, sysflow.OpSetuid, sysflow.OpSetns, sysflow.OpPtrace, sysflow.OpKill,
		sysflow.OpModule, sysflow.OpMount, sysflow.OpUnshare, sysflow.OpMemfdCreate, sysflow.OpSetgid, sysflow.OpBPF,
	}
	processArgs = [][]string{
		nil,
		{"0"},
		{"1000", "x"},
		{"request=PTRACE_ATTACH", "pid=7"},
		{"flags=CLONE_NEWUSER|CLONE_NEWNS"},
		{"dev=/dev/sda1", "dir=/mnt", "type=ext4"},
		{"name=x", "flags="},
		{"sig=SIGKILL", "pid=1"},
		{"gid=0"},
	}
	fileArgs = [][]string{
		nil, {"mode=0755"}, {"mode=04755"}, {"uid=0", "gid=0"}, {"name=../etc/passwd", "flags=O_RDONLY"}, {"name=x", "flags=O_RDWR|O_CREAT"}, {"mode=x"},
	}
	socketArgs = [][]string{nil, {"domain=AF_PACKET", "type=SOCK_RAW"}, {"domain=AF_INET"}, {"backlog=5"}, {"oldfd=3"}, {"addr=x"}}

	messages = []string{"", `{"kind":"Pod","metadata":{"name":"db-0"},"n":[1,2]}`, `{"kind":`, "plain"}
)

func pick[T any](rnd *rand.Rand, list []T) T { return list[rnd.IntN(len(list))] }

// NewWorld returns a world that is determined by a seed.
func NewWorld(seed uint64) *World {
	w := &World{rnd: rand.New(rand.NewPCG(seed, 1)), now: int64(1_700_000_000 * time.Second)} //nolint:gosec // reproducible
	w.nodes = []*field.Node{
		{Name: "n1", IP: "10.0.0.6", SchemaVersion: 5, TraceFile: "/var/log/a.sf"},
		{Name: "n2"},
	}
	for i := range 12 {
		p := &field.Process{Node: w.nodes[0]}
		if i%4 == 3 {
			p.Node = w.nodes[1]
		}
		p.OID = sysflow.OID{HPID: int64(1 + i%10), CreateTS: w.now - int64(i/2)*int64(time.Second)}
		w.describe(p)
		w.adopt(p)
		w.processes = append(w.processes, p)
	}
	return w
}

// describe gives a process new properties.
func (w *World) describe(p *field.Process) {
	u := pick(w.rnd, users)
	p.Exe, p.ExeArgs, p.Env = pick(w.rnd, exes), pick(w.rnd, arguments), pick(w.rnd, environments)
	p.UID, p.UserName, p.GID, p.GroupName = u.id, u.name, u.id, u.name
	p.Details = w.details()
	p.TTY, p.Entry = w.rnd.IntN(2) == 0, w.rnd.IntN(4) == 0
	p.CWD = pick(w.rnd, []string{"", "/", "/root/", "/tmp/"})
	p.ContainerID, p.Container, p.Pod = "", nil, nil
	switch w.rnd.IntN(4) {
	case 0:
		p.Container = pick(w.rnd, containers)
		p.ContainerID = p.Container.ID
		if p.Container.PodID != "" {
			p.Pod = pod
		}
	case 1:
		p.ContainerID = "unknown"
	}
}

// details describes a process further, or does not.
func (w *World) details() *sysflow.ProcessDetails {
	if w.rnd.IntN(2) == 0 {
		return nil
	}
	id := func() int32 { return pick(w.rnd, []int32{0, 1, 2, 33, 1000}) }
	return &sysflow.ProcessDetails{
		Comm: pick(w.rnd, taskNames), Argv0: pick(w.rnd, exes), ExeFlags: sysflow.ExeFlags(w.rnd.IntN(16)), ExeIno: pick(w.rnd, counts),
		ExeCTime: w.now - pick(w.rnd, counts), ExeMTime: pick(w.rnd, counts),
		CapPermitted: pick(w.rnd, capabilities), CapEffective: pick(w.rnd, capabilities), CapInheritable: pick(w.rnd, capabilities),
		RealUID: id(), SavedUID: id(), RealGID: id(), SavedGID: id(), LoginUID: pick(w.rnd, users).id, LoginUser: pick(w.rnd, users).name,
		SID: id(), PGID: id(), VPID: id(), VSID: id(), VPGID: id(),
		Namespaces: sysflow.Namespaces{PID: pick(w.rnd, counts), Net: pick(w.rnd, counts), IPC: pick(w.rnd, counts), Mnt: pick(w.rnd, counts)},
	}
}

// adopt gives a process a parent among those that are older, only the id of one, or none.
func (w *World) adopt(p *field.Process) {
	p.Parent, p.POID = nil, nil
	switch {
	case w.rnd.IntN(5) == 0:
		p.POID = &sysflow.OID{HPID: 1, CreateTS: 7}
	case len(w.processes) > 0 && w.rnd.IntN(5) > 0:
		if parent := pick(w.rnd, w.processes); parent.OID != p.OID && !descends(parent, p) {
			p.Parent, p.POID = parent, &parent.OID
		}
	}
}

func descends(p, ancestor *field.Process) bool {
	for ; p != nil; p = p.Parent {
		if p == ancestor {
			return true
		}
	}
	return false
}

// Next returns a new record. Before that, the process of an earlier one may have changed.
func (w *World) Next() *field.Record {
	if w.rnd.IntN(10) == 0 {
		p := pick(w.rnd, w.processes)
		w.describe(p)
		if w.rnd.IntN(3) == 0 {
			w.adopt(p)
		}
		p.Changed()
	}
	w.now += int64(w.rnd.IntN(2000)) * int64(time.Millisecond)
	r := &field.Record{TS: w.now, FD: -1, Proto: sysflow.ProtoUnknown, Node: w.nodes[0]}
	if w.rnd.IntN(12) > 0 {
		r.Process = pick(w.rnd, w.processes)
		r.Node = r.Process.Node
		r.TID = r.Process.OID.HPID + int64(w.rnd.IntN(2))
	}
	w.fill(r)
	return r
}

func (w *World) fill(r *field.Record) {
	r.Kind = pick(w.rnd, []sysflow.Kind{
		sysflow.KindProcessEvent, sysflow.KindFileFlow, sysflow.KindFileFlow, sysflow.KindNetworkFlow, sysflow.KindFileEvent,
		sysflow.KindNetworkEvent, sysflow.KindProcessFlow, sysflow.KindK8sEvent,
	})
	switch r.Kind {
	case sysflow.KindProcessEvent:
		r.Ops, r.Args = pick(w.rnd, processOps), pick(w.rnd, processArgs)
		w.result(r)
	case sysflow.KindProcessFlow:
		r.Ops = w.ops(sysflow.OpClone, sysflow.OpExit)
		w.flow(r)
	case sysflow.KindFileFlow:
		r.Ops = w.ops(sysflow.OpOpen, sysflow.OpReadRecv, sysflow.OpWriteSend, sysflow.OpClose, sysflow.OpMmap, sysflow.OpTruncate)
		r.OpenFlags = sysflow.OpenFlags(w.rnd.IntN(1 << 14))
		r.FD = int32(w.rnd.IntN(5) - 1)
		r.File, r.Origin = w.file(), pick(w.rnd, origins)
		w.flow(r)
	case sysflow.KindFileEvent:
		r.Ops = pick(w.rnd, []sysflow.OpFlags{
			sysflow.OpMkdir, sysflow.OpRmdir, sysflow.OpLink, sysflow.OpUnlink, sysflow.OpSymlink, sysflow.OpRename,
			sysflow.OpOpen, sysflow.OpChmod, sysflow.OpChown, sysflow.OpMknod, sysflow.OpBind, sysflow.OpConnect,
		})
		r.Args, r.Origin = pick(w.rnd, fileArgs), pick(w.rnd, origins)
		r.File = w.file()
		if r.Ops&(sysflow.OpLink|sysflow.OpSymlink|sysflow.OpRename) != 0 {
			r.NewFile = w.file()
		}
		w.result(r)
	case sysflow.KindNetworkFlow:
		r.Ops = w.ops(sysflow.OpConnect, sysflow.OpAccept, sysflow.OpReadRecv, sysflow.OpWriteSend, sysflow.OpClose, sysflow.OpTruncate)
		r.FD, r.Origin = int32(w.rnd.IntN(5)-1), pick(w.rnd, origins)
		w.ends(r)
		w.flow(r)
	case sysflow.KindNetworkEvent:
		r.Ops = pick(w.rnd, []sysflow.OpFlags{
			sysflow.OpConnect, sysflow.OpAccept, sysflow.OpShutdown, sysflow.OpSocket, sysflow.OpBind, sysflow.OpListen, sysflow.OpDup,
		})
		r.FD, r.Args, r.Origin = int32(w.rnd.IntN(5)-1), pick(w.rnd, socketArgs), pick(w.rnd, origins)
		w.ends(r)
		w.result(r)
	case sysflow.KindK8sEvent:
		r.Process, r.TID = nil, 0
		r.K8sKind, r.K8sAction = sysflow.K8sComponent(w.rnd.IntN(3)), sysflow.K8sAction(w.rnd.IntN(3))
		r.K8sMessage = pick(w.rnd, messages)
	}
	w.stray(r)
	r.Complete()
}

// stray gives some records operations that are rare: any of their kind, to flows also several or none.
func (w *World) stray(r *field.Record) {
	if r.Ops == 0 || w.rnd.IntN(4) > 0 {
		return
	}
	var all []sysflow.OpFlags
	for op := sysflow.OpFlags(1); op <= r.Kind.Operations(); op <<= 1 {
		if r.Kind.Operations()&op != 0 {
			all = append(all, op)
		}
	}
	switch {
	case !r.Kind.IsFlow() || w.rnd.IntN(4) == 0:
		r.Ops = pick(w.rnd, all)
	case w.rnd.IntN(4) == 0:
		r.Ops = 0
	default:
		r.Ops = w.ops(all...)
	}
}

func (w *World) result(r *field.Record) { r.Ret, r.HasRet = pick(w.rnd, results), true }

func (w *World) flow(r *field.Record) {
	r.EndTS = r.TS + int64(w.rnd.IntN(3))*int64(time.Second)
	r.Counters = sysflow.Counters{
		NumRRecvOps: pick(w.rnd, counts), NumWSendOps: pick(w.rnd, counts),
		NumRRecvBytes: pick(w.rnd, counts), NumWSendBytes: pick(w.rnd, counts),
	}
}

// ops returns some of the operations, at least one.
func (w *World) ops(of ...sysflow.OpFlags) sysflow.OpFlags {
	ops := pick(w.rnd, of)
	for _, o := range of {
		if w.rnd.IntN(3) == 0 {
			ops |= o
		}
	}
	return ops
}

func (w *World) file() field.File {
	f := field.File{Path: pick(w.rnd, paths)}
	if f.Path != "" {
		f.Type = pick(w.rnd, fileTypes)
	}
	return f
}

func (w *World) ends(r *field.Record) {
	if w.rnd.IntN(10) > 0 {
		r.SIP, r.DIP = netip.MustParseAddr(pick(w.rnd, addresses)), netip.MustParseAddr(pick(w.rnd, addresses))
	}
	r.SPort, r.DPort = pick(w.rnd, ports), pick(w.rnd, ports)
	r.Proto = pick(w.rnd, protocols)
}
