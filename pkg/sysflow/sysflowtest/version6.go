package sysflowtest

import (
	"fmt"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// Operations that version 5 has no bits for, besides some that it has.
var (
	processOpsV6 = []sysflow.OpFlags{sysflow.OpSetns, sysflow.OpPtrace, sysflow.OpUserfaultfd, sysflow.OpMount, sysflow.OpPersonality}
	fileOpsV6    = []sysflow.OpFlags{sysflow.OpOpen, sysflow.OpChmod, sysflow.OpFtruncate, sysflow.OpSetxattr}
	netOpsV6     = []sysflow.OpFlags{sysflow.OpConnect, sysflow.OpSocket, sysflow.OpBind, sysflow.OpListen, sysflow.OpDup}
)

// extra draws whether an event has what only version 6 can say, never in version 5.
func (g *generator) extra() bool { return g.v6 && g.rng.IntN(2) == 0 }

func (g *generator) args() []string {
	return pick(g.rng, [][]string{nil, {"mode=0644"}, {"request=PTRACE_ATTACH", "pid=1", ""}})
}

func (g *generator) origin() sysflow.Origin {
	if !g.extra() {
		return 0
	}
	return sysflow.Origin(g.rng.IntN(4))
}

// details describes a process, or does not.
func (g *generator) details() *sysflow.ProcessDetails {
	if !g.extra() {
		return nil
	}
	id := func() int32 { return pick(g.rng, []int32{sysflow.UnknownID, 0, 1000, -2}) }
	pid := func() int32 { return g.rng.Int32N(1 << 22) }
	long := func() int64 { return pick(g.rng, []int64{0, 1 << 40, int64(g.rng.Uint64())}) }
	return &sysflow.ProcessDetails{
		Comm: pick(g.rng, []string{"sh", "", "kworker/u8:1-ev"}), Argv0: pick(g.rng, exes),
		ExeFlags: sysflow.ExeFlags(g.rng.IntN(16)), ExeIno: long(), ExeCTime: long(), ExeMTime: long(),
		CapPermitted: long(), CapEffective: long(), CapInheritable: long(),
		RealUID: id(), SavedUID: id(), RealGID: id(), SavedGID: id(), LoginUID: id(), LoginUser: pick(g.rng, append(users, "")),
		SID: pid(), PGID: pid(), VPID: pid(), VSID: pid(), VPGID: pid(),
		Namespaces: sysflow.Namespaces{
			Cgroup: 4026531835, IPC: 4026531839, Mnt: 4026531841, Net: long(), PID: long(), User: long(), UTS: long(),
		},
	}
}

// detail adds what version 6 says of containers.
func (g *generator) detail(c *sysflow.Container) {
	if !g.v6 {
		return
	}
	c.Runtime = pick(g.rng, []string{"", "podman"})
	c.ImageDigest = pick(g.rng, []string{"", fmt.Sprintf("sha256:%064x", g.rng.Uint64())})
	if g.extra() {
		c.Labels = map[string]string{"app": c.Name, "com.example/ünïcode": "x y", "": ""}
	}
	if g.extra() {
		c.Mounts = []sysflow.Mount{
			{Source: "/srv/data files", Destination: "/data", Mode: "ro", Propagation: "rprivate"},
			{Source: "/", Destination: "/host", RW: true},
		}
	}
}
