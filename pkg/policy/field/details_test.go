package field

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// detailedFamily is a script below a shell in a container, as records of version 6 describe
// it; the shell leads the session.
func detailedFamily() *Process {
	namespaces := sysflow.Namespaces{PID: 4026532300, Net: 4026531840, IPC: firstIPCNamespace}
	host := &Process{Process: sysflow.Process{
		OID: sysflow.OID{HPID: 1, CreateTS: 5}, Exe: "/usr/lib/systemd/systemd", Entry: true,
		Details: &sysflow.ProcessDetails{Comm: "systemd", SID: 1, PGID: 1, VPID: 1, LoginUID: sysflow.UnknownID, Namespaces: sysflow.Namespaces{
			PID: firstPIDNamespace, Net: 4026531840, IPC: firstIPCNamespace,
		}},
	}}
	shell := &Process{
		Process: sysflow.Process{
			OID: sysflow.OID{HPID: 40, CreateTS: 10 * second}, Exe: "/bin/busybox", ExeArgs: "", ContainerID: "c0ffee", Entry: true, UID: 1000, UserName: "alice",
			Details: &sysflow.ProcessDetails{
				Comm: "sh", Argv0: "-sh", SID: 40, PGID: 40, VPID: 1, VSID: 1, VPGID: 1, LoginUID: 1000, ExeFlags: sysflow.ExeLowerLayer, Namespaces: namespaces,
			},
		},
		Parent: host,
	}
	return &Process{
		Process: sysflow.Process{
			OID: sysflow.OID{HPID: 50, CreateTS: 20 * second}, Exe: "/usr/bin/python3.11", ExeArgs: "-c x", ContainerID: "c0ffee", UID: 1000, UserName: "alice",
			Env: []string{"KUBERNETES_SERVICE_HOST=10.96.0.1"},
			Details: &sysflow.ProcessDetails{
				Comm: "updater", Argv0: "python3", ExeFlags: sysflow.ExeWritable | sysflow.ExeUpperLayer, ExeIno: 77, ExeCTime: 12 * second, ExeMTime: 11 * second,
				CapPermitted: 1<<21 | 1, CapEffective: 1 << 12, RealUID: 0, SavedUID: 1001, RealGID: sysflow.UnknownID, SavedGID: 7, LoginUID: 1000, LoginUser: "bob",
				SID: 40, PGID: 50, VPID: 7, VSID: 1, VPGID: 7, Namespaces: namespaces,
			},
		},
		Parent: shell,
		Container: &sysflow.Container{
			ID: "c0ffee", Image: "nginx:1", Runtime: "podman", ImageDigest: "sha256:01", Labels: map[string]string{"app": "web", "a.b/c": "", "io.kubernetes.x": "y"},
			Mounts: []sysflow.Mount{
				{Source: "/proc", Destination: "/host/proc", Mode: "ro", Propagation: "rprivate"},
				{Source: "/var/lib/data", Destination: "/data", RW: true},
			},
		},
		Pod: &sysflow.Pod{Services: []sysflow.Service{{Name: "db", Namespace: "prod", ClusterIP: []int64{0x0500000a}}}},
	}
}

func TestDetailsOfProcess(t *testing.T) {
	r := &Record{Kind: sysflow.KindProcessEvent, Ops: sysflow.OpExec, TS: 21 * second, TID: 50, HasRet: true, Process: detailedFamily()}
	expect(t, r, map[string]string{
		"proc.name": "updater", "proc.exe": "python3", "proc.exepath": "/usr/bin/python3.11", "proc.cmdline": "updater -c x", "proc.exeline": "python3 -c x",
		"proc.pname": "sh", "proc.pexe": "-sh", "proc.pcmdline": "sh", "proc.aname": "sh,systemd", "proc.aname[1]": "sh", "proc.aexe[1]": "-sh", "proc.loginshellid": "40",
		"proc.is_exe_writable": "true", "proc.is_exe_upper_layer": "true", "proc.is_exe_lower_layer": "false", "proc.is_exe_from_memfd": "false",
		"proc.exe_ino": "77", "proc.exe_ino.ctime": "12000000000", "proc.exe_ino.mtime": "11000000000",
		"proc.exe_ino.ctime_duration_proc_start": "8000000000", "proc.exe_ino.ctime_duration_pidns_start": "2000000000", "proc.pidns_init_start_ts": "10000000000",
		"thread.cap_permitted": "CAP_CHOWN CAP_SYS_ADMIN", "thread.cap_effective": "CAP_NET_ADMIN", "thread.cap_inheritable": "",
		"user.loginuid": "1000", "user.loginname": "bob", "proc.sid": "40", "proc.pgid": "50", "proc.vpgid": "7", "proc.vpid": "7", "proc.pvpid": "1", "thread.vtid": "7",
		"proc.is_sid_leader": "false", "proc.is_pgid_leader": "true", "proc.is_vpgid_leader": "true",
		"proc.sname": "sh", "proc.sid.exe": "-sh", "proc.sid.exepath": "/bin/busybox", "proc.pgid.name": "updater", "proc.vpgid.exepath": "/usr/bin/python3.11",
		"evt.arg.flags": "EXE_WRITABLE|EXE_UPPER_LAYER", "evt.args": "res=SUCCESS filename=/usr/bin/python3.11 flags=EXE_WRITABLE|EXE_UPPER_LAYER",
	})
	expect(t, r, map[string]string{
		"sf.proc.name": "python3.11", "sf.proc.comm": "updater", "sf.proc.argv0": "python3", "sf.proc.cmdline": "/usr/bin/python3.11 -c x",
		"sf.proc.exe.flags": "WRITABLE,UPPER_LAYER", "sf.proc.exe.ino": "77", "sf.proc.cap.permitted": "CAP_CHOWN,CAP_SYS_ADMIN", "sf.proc.cap.inheritable": "-",
		"sf.proc.ruid": "0", "sf.proc.suid": "1001", "sf.proc.rgid": "-", "sf.proc.sgid": "7", "sf.proc.loginuid": "1000", "sf.proc.loginuser": "bob",
		"sf.proc.sid": "40", "sf.proc.vsid": "1", "sf.proc.ns.pid": "4026532300", "sf.proc.ns.mnt": "-", "sf.pproc.comm": "sh", "sf.pproc.exe.flags": "LOWER_LAYER",
	})
	r.Process = r.Process.Parent
	expect(t, r, map[string]string{"proc.sname": "sh", "proc.is_sid_leader": "true", "user.loginname": "alice", "proc.exe_ino": "-", "proc.exe_ino.ctime_duration_proc_start": "-"})
	r.Process = r.Process.Parent
	expect(t, r, map[string]string{"user.loginuid": "-1", "user.loginname": "<NA>", "sf.proc.loginuid": "-", "container.start_ts": "-", "proc.pidns_init_start_ts": "5"})
}

// Without details nothing is made up.
func TestNoDetails(t *testing.T) {
	expect(t, &Record{Kind: sysflow.KindProcessEvent, Ops: sysflow.OpExec, Process: family()}, map[string]string{
		"proc.is_exe_upper_layer": "-", "proc.exe_ino": "-", "thread.cap_effective": "-", "user.loginuid": "-", "user.loginname": "-", "proc.sid": "-", "proc.sname": "-",
		"proc.is_vpgid_leader": "-", "evt.arg.flags": "-", "sf.proc.comm": "-", "sf.proc.cap.effective": "-", "container.host_pid": "-", "container.label[app]": "-",
		"container.mounts": "-", "container.type": "cri-o", "sf.container.labels": "-", "container.image.digest": "-",
	})
}

func TestDetailsOfContainer(t *testing.T) {
	expect(t, &Record{Kind: sysflow.KindProcessEvent, TS: 12 * second, Process: detailedFamily()}, map[string]string{
		"container.type": "podman", "sf.container.runtime": "podman", "sf.container.type": "DOCKER", "container.image.digest": "sha256:01", "sf.container.image.digest": "sha256:01",
		"container.label[app]": "web", "container.label.app": "web", "container.label[none]": "-", "container.labels": "a.b/c, app:web",
		"container.mounts": "/proc:/host/proc:ro:false:rprivate,/var/lib/data:/data::true:", "container.mount[0]": "/proc:/host/proc:ro:false:rprivate",
		"container.mount[/var/*]": "/var/lib/data:/data::true:", "container.mount[2]": "-", "container.mount.dest[/proc*]": "/host/proc", "container.mount.dest[/host*]": "-",
		"container.mount.source[/data]": "/var/lib/data", "container.mount.mode[1]": "", "container.mount.rdwr[1]": "true", "container.mount.propagation[/proc]": "rprivate",
		"container.start_ts": "10000000000", "container.duration": "2000000000",
		"container.host_pid": "false", "container.host_ipc": "true", "container.host_network": "true",
		"sf.container.labels[app]": "web", "sf.container.labels": `{"a.b/c":"","app":"web","io.kubernetes.x":"y"}`, "sf.container.mounts[1.rw]": "true",
		"sf.container.mounts[#.source]": `["/proc","/var/lib/data"]`,
	})
}

func TestNamesOfAddresses(t *testing.T) {
	r := &Record{Kind: sysflow.KindNetworkFlow, Ops: sysflow.OpConnect, Process: detailedFamily(), SIP: netip.MustParseAddr("10.0.0.9"), DIP: netip.MustParseAddr("10.96.0.1")}
	expect(t, r, map[string]string{"fd.sip.name": "kubernetes.default.svc.cluster.local", "fd.cip.name": "-", "fd.rip.name": "kubernetes.default.svc.cluster.local", "fd.lip.name": "-"})
	r.DIP = netip.MustParseAddr("10.0.0.5")
	expect(t, r, map[string]string{"fd.sip.name": "db.prod.svc.cluster.local", "fd.name_changed": "true"})
	r.Process, r.Proto = family(), sysflow.ProtoTCP
	expect(t, r, map[string]string{"fd.sip.name": "-", "fd.name_changed": "false"})
}

func TestFailedOpen(t *testing.T) {
	r := &Record{
		Kind: sysflow.KindFileEvent, Ops: sysflow.OpOpen, HasRet: true, Ret: -13, FD: -1, File: File{Path: "/etc/shadow", Type: sysflow.FileUnknown},
		Args: []string{"name=../../etc/shadow", "flags=O_RDWR|O_CREAT|O_CLOEXEC"},
	}
	r.Complete()
	expect(t, r, map[string]string{
		"evt.type": "open", "fd.num": "-1", "fd.name": "/etc/shadow", "fd.nameraw": "../../etc/shadow", "fd.typechar": "f", "fd.type": "file", "fd.directory": "/etc",
		"fd.filename": "shadow", "evt.res": "EACCES", "evt.rawres": "-13", "evt.failed": "true", "evt.is_open_read": "true", "evt.is_open_write": "true",
		"evt.arg.name": "/etc/shadow", "evt.rawarg.name": "../../etc/shadow", "evt.arg.flags": "O_CREAT|O_RDWR|O_CLOEXEC", "fs.path.name": "-", "evt.abspath": "/etc/shadow",
		"evt.args": "res=EACCES name=/etc/shadow flags=O_CREAT|O_RDWR|O_CLOEXEC", "sf.opflags": "OPEN", "sf.args[name]": "../../etc/shadow", "sf.file.fd": "-",
		"sf.args": "name=../../etc/shadow,flags=O_RDWR|O_CREAT|O_CLOEXEC",
	})
	r.Ret, r.File.Type = 5, sysflow.FileDirectory
	expect(t, r, map[string]string{"fd.num": "5", "fd.typechar": "d", "fd.directory": "/etc/shadow", "fd.filename": "-", "fs.path.name": "/etc/shadow"})
}

func TestOperationsOfProcesses(t *testing.T) {
	for _, test := range []struct {
		op   sysflow.OpFlags
		args []string
		want map[string]string
	}{
		{sysflow.OpPtrace, []string{"request=PTRACE_ATTACH", "pid=7"}, map[string]string{
			"evt.type": "ptrace", "evt.arg.request": "PTRACE_ATTACH", "evt.arg.pid": "7", "evt.rawarg.pid": "7", "evt.args": "res=SUCCESS request=PTRACE_ATTACH pid=7",
			"evt.arg.sig": "-", "sf.opflags": "PTRACE", "sf.args[request]": "PTRACE_ATTACH", "sf.args[req]": "-",
		}},
		{sysflow.OpKill, []string{"pid=7", "sig=SIGKILL"}, map[string]string{"evt.type": "kill", "evt.arg.sig": "SIGKILL", "sf.opflags": "KILL"}},
		{sysflow.OpModule, []string{"uargs="}, map[string]string{"evt.type": "init_module", "evt.arg.uargs": "-"}},
		{sysflow.OpBPF, []string{"cmd=BPF_PROG_LOAD"}, map[string]string{"evt.type": "bpf", "evt.arg.cmd": "BPF_PROG_LOAD"}},
		{sysflow.OpUnshare, []string{"flags=CLONE_NEWUSER"}, map[string]string{"evt.type": "unshare", "evt.arg.flags": "CLONE_NEWUSER", "evt.args": "res=SUCCESS flags=CLONE_NEWUSER"}},
		{sysflow.OpMount, []string{"dev=/dev/sda1", "dir=/mnt", "type=ext4", "flags=0"}, map[string]string{
			"evt.type": "mount", "evt.arg.dev": "/dev/sda1", "evt.rawarg.dev": "-", "evt.arg.dir": "/mnt", "evt.arg.type": "ext4",
		}},
		{sysflow.OpUmount, []string{"name=/mnt"}, map[string]string{"evt.type": "umount", "evt.arg.name": "/mnt"}},
		{sysflow.OpChroot, []string{"path=/host"}, map[string]string{"evt.type": "chroot", "evt.arg.path": "/host", "evt.rawarg.path": "/host"}},
		{sysflow.OpMemfdCreate, []string{"name=x"}, map[string]string{"evt.type": "memfd_create", "evt.arg.name": "x", "fd.name": "-"}},
		{sysflow.OpSetgid, []string{"gid=0"}, map[string]string{"evt.type": "setgid", "evt.arg.gid": "0", "evt.rawarg.gid": "0"}},
		{sysflow.OpPrctl, []string{"option=PR_SET_NAME", "arg2_str=a=b"}, map[string]string{"evt.type": "prctl", "evt.arg.arg2_str": "a=b"}},
		{sysflow.OpSetuid, []string{"gid=0", "euid=5"}, map[string]string{"evt.arg.uid": "gid=0", "evt.arg.gid": "-", "evt.arg.euid": "5"}},
	} {
		expect(t, &Record{Kind: sysflow.KindProcessEvent, Ops: test.op, HasRet: true, Args: test.args}, test.want)
	}
}

func TestAttributesOfFiles(t *testing.T) {
	r := &Record{Kind: sysflow.KindFileEvent, Ops: sysflow.OpChmod, HasRet: true, FD: -1, Args: []string{"mode=04755"}, File: File{Path: "/tmp/x", Type: sysflow.FileRegular}}
	expect(t, r, map[string]string{
		"evt.type": "chmod", "evt.arg.filename": "/tmp/x", "evt.rawarg.mode": "2541", "fd.name": "-", "sf.opflags": "CHMOD", "sf.file.path": "/tmp/x",
		"evt.arg.mode": "S_IXOTH|S_IROTH|S_IXGRP|S_IRGRP|S_IXUSR|S_IWUSR|S_IRUSR|S_ISUID", "evt.args": "res=SUCCESS filename=/tmp/x mode=04755",
	})
	for mode, want := range map[string]string{"0": "0", "644": "S_IROTH|S_IRGRP|S_IWUSR|S_IRUSR", "0o10": "S_IXGRP", "S_ISUID": "S_ISUID", "": "-", "9": "9"} {
		r.Args = []string{"mode=" + mode}
		expect(t, r, map[string]string{"evt.arg.mode": want})
	}
	r.Ops, r.Args = sysflow.OpSetxattr, []string{"name=user.x"}
	expect(t, r, map[string]string{"evt.type": "setxattr", "evt.arg.name": "user.x", "evt.arg.pathname": "/tmp/x", "evt.args": "res=SUCCESS name=user.x pathname=/tmp/x"})
	r.Ops, r.Args = sysflow.OpChown, []string{"uid=0", "gid=7"}
	expect(t, r, map[string]string{"evt.type": "chown", "evt.arg.path": "/tmp/x", "evt.arg.uid": "0,root", "evt.rawarg.uid": "0", "evt.arg.gid": "7", "evt.arg.mode": "-"})
}

func TestSockets(t *testing.T) {
	local, remote := netip.MustParseAddr("10.0.0.5"), netip.MustParseAddr("203.0.113.7")
	r := &Record{Kind: sysflow.KindNetworkEvent, Ops: sysflow.OpSocket, HasRet: true, Ret: 3, FD: 3, Proto: sysflow.ProtoUnknown, Args: []string{"domain=AF_PACKET", "type=SOCK_RAW"}}
	expect(t, r, map[string]string{
		"evt.type": "socket", "evt.arg.domain": "AF_PACKET", "evt.arg.type": "SOCK_RAW", "fd.type": "-", "fd.typechar": "o", "fd.name": "-", "fd.num": "3",
		"evt.rawres": "3", "evt.args": "res=SUCCESS domain=AF_PACKET type=SOCK_RAW", "sf.opflags": "SOCKET", "sf.file.fd": "3", "fd.sockfamily": "-",
	})
	r.Ops, r.SIP, r.SPort, r.Proto, r.Args = sysflow.OpListen, local, 8080, sysflow.ProtoTCP, []string{"backlog=5"}
	expect(t, r, map[string]string{
		"evt.type": "listen", "fd.name": "10.0.0.5:8080", "fd.sip": "10.0.0.5", "fd.sport": "8080", "fd.cip": "-", "fd.cport": "-", "fd.lip": "10.0.0.5", "fd.lport": "8080",
		"fd.rip": "-", "fd.is_server": "true", "fd.ip": "10.0.0.5", "fd.port": "8080", "evt.arg.backlog": "5", "fd.type": "ipv4",
	})
	r.Ops, r.Args = sysflow.OpBind, nil
	expect(t, r, map[string]string{"evt.type": "bind", "evt.arg.addr": "10.0.0.5:8080"})
	r.Ops, r.DIP, r.DPort, r.Ret = sysflow.OpDup, remote, 4444, 0
	expect(t, r, map[string]string{"evt.type": "dup", "evt.rawres": "0", "fd.type": "ipv4", "fd.name": "10.0.0.5:8080->203.0.113.7:4444", "fd.is_server": "-"})
	r.Ops, r.Ret = sysflow.OpConnect, -111
	expect(t, r, map[string]string{
		"evt.type": "connect", "evt.res": "ECONNREFUSED", "fd.rip": "203.0.113.7", "evt.arg.addr": "203.0.113.7:4444", "evt.arg.tuple": "10.0.0.5:8080->203.0.113.7:4444",
	})
}

func TestUnixSockets(t *testing.T) {
	r := &Record{Kind: sysflow.KindFileEvent, Ops: sysflow.OpConnect, HasRet: true, Ret: -2, FD: -1, File: File{Path: "/run/docker.sock", Type: sysflow.FileUnix}}
	expect(t, r, map[string]string{
		"evt.type": "connect", "evt.res": "ENOENT", "fd.name": "/run/docker.sock", "fd.type": "unix", "fd.typechar": "u", "fd.sockfamily": "unix", "fd.num": "-", "evt.failed": "true",
	})
	r.Ops, r.Ret, r.File.Path = sysflow.OpBind, 0, "@abstract"
	expect(t, r, map[string]string{"evt.type": "bind", "fd.name": "@abstract", "sf.file.path": "@abstract", "fd.typechar": "u", "sf.opflags": "BIND"})
	r = &Record{Kind: sysflow.KindFileFlow, Ops: sysflow.OpConnect | sysflow.OpWriteSend, FD: 4, File: File{Path: "@abstract", Type: sysflow.FileUnix}}
	expect(t, r, map[string]string{"evt.type": "connect,write", "fd.name": "@abstract", "fd.type": "unix", "fd.num": "4", "evt.failed": "false"})
}

func TestOrigin(t *testing.T) {
	r := &Record{Kind: sysflow.KindFileFlow, Ops: sysflow.OpReadRecv}
	for origin, want := range map[sysflow.Origin]string{0: "syscall", sysflow.OriginSyscall: "syscall", sysflow.OriginIOUring: "io_uring", 3: "syscall,io_uring"} {
		r.Origin = origin
		expect(t, r, map[string]string{"sf.origin": want})
	}
}

func TestFits(t *testing.T) {
	for _, test := range []struct {
		pattern, text string
		want          bool
	}{
		{"/proc*", "/proc/sys", true},
		{"/proc*", "/host/proc", false},
		{"*proc*", "/host/proc", true},
		{"/a?c", "/abc", true},
		{"/a?c", "/ac", false},
		{"*/a*b", "/x/ab/ab", true},
		{"*/a*b", "/x/ab/a", false},
		{"", "", true},
		{"*", "", true},
		{"?", "", false},
		{"/a", "/ab", false},
	} {
		assert.Equal(t, test.want, fits(test.pattern, test.text), "%s %s", test.pattern, test.text)
	}
}

func TestOpenThatMakesAnExecutable(t *testing.T) {
	r := &Record{
		Kind: sysflow.KindFileEvent, Ops: sysflow.OpOpen, HasRet: true, Ret: 5, FD: -1, File: File{Path: "/bin/x", Type: sysflow.FileRegular},
		Args: []string{"name=x", "flags=O_WRONLY|O_CREAT", "mode=0755"},
	}
	r.Complete()
	expect(t, r, map[string]string{
		"fd.num": "5", "fd.name": "/bin/x", "fd.nameraw": "x", "evt.res": "SUCCESS", "evt.is_open_exec": "true", "evt.is_open_write": "true",
		"evt.arg.mode": "S_IXOTH|S_IROTH|S_IXGRP|S_IRGRP|S_IXUSR|S_IWUSR|S_IRUSR",
	})
	r.Args[2] = "mode=0644"
	expect(t, r, map[string]string{"evt.is_open_exec": "false"})
}

func TestUnixSocketEvents(t *testing.T) {
	r := &Record{
		Kind: sysflow.KindFileEvent, Ops: sysflow.OpConnect, HasRet: true, Ret: -2, FD: -1,
		File: File{Path: "/run/docker.sock", Type: sysflow.FileUnix},
	}
	r.Complete()
	expect(t, r, map[string]string{
		"evt.type": "connect", "fd.name": "/run/docker.sock", "fd.typechar": "u", "fd.type": "unix", "fd.sockfamily": "unix", "evt.res": "ENOENT",
	})
	r.Ops, r.Ret, r.Args = sysflow.OpListen, 0, []string{"backlog=8"}
	expect(t, r, map[string]string{"evt.type": "listen", "fd.name": "/run/docker.sock", "fd.sockfamily": "unix"})
}

func TestParseCapability(t *testing.T) {
	for name, want := range map[string]int64{"CAP_CHOWN": 1, "sys_admin": 1 << 21, "cap_checkpoint_restore": 1 << 40} {
		bit, ok := sysflow.ParseCapability(name)
		assert.True(t, ok, name)
		assert.Equal(t, want, bit, name)
	}
	_, ok := sysflow.ParseCapability("CAP_NONE")
	assert.False(t, ok)
}

// More texts than are kept are still right.
func TestTexts(t *testing.T) {
	made := 0
	list := texts[int]{make: func(n int) string {
		made++
		return string(rune('a' + n%26))
	}}
	for range 2 {
		for n := range maxTexts + 10 {
			assert.Equal(t, string(rune('a'+n%26)), list.of(n))
		}
	}
	assert.Equal(t, maxTexts+20, made)
}

func FuzzArgs(f *testing.F) {
	f.Add("mode=0644", "mode")
	f.Add("flags=O_RDONLY|O_CREAT", "flags")
	f.Add("=", "")
	f.Add("name==", "name")
	f.Fuzz(func(t *testing.T, arg, name string) {
		for _, kind := range []sysflow.Kind{sysflow.KindFileEvent, sysflow.KindProcessEvent, sysflow.KindNetworkEvent} {
			r := &Record{Kind: kind, Ops: sysflow.OpOpen, Args: []string{arg}, HasRet: true}
			r.Complete()
			if value, ok := r.arg(name); ok && name+"="+value != arg {
				t.Fatalf("%q is not %q of %q", value, name, arg)
			}
			for _, field := range []string{"evt.args", "evt.arg.mode", "evt.rawarg.mode", "evt.rawarg.pid", "evt.arg.flags", "evt.arg.uid"} {
				ref, problem := Resolve(&syntax.Field{Name: field})
				if problem != nil {
					t.Fatal(problem)
				}
				_ = ref.ask(r).Text(ref.Def)
			}
		}
	})
}
