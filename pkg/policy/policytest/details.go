package policytest

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// detailsSpec is what a case says of a process that records have since version 6. What is nil
// is taken from the parent or made up; a process of which nothing is given has no details.
type detailsSpec struct {
	given bool

	comm, argv0                              *string
	exeFlags                                 sysflow.ExeFlags
	exeIno                                   int64
	capPermitted, capEffective, capInherited *int64
	realUID, loginUID                        *int32
	loginUser                                *string
	sid, pgid, vpid, vpgid                   *int32
	namespaces                               *sysflow.Namespaces
}

// keys are those of a process.
func (s *detailsSpec) keys(d *decoder) map[string]setter {
	id := number[int32](d, 32)
	keys := map[string]setter{
		"comm":            given(&s.comm, d.text),
		"argv0":           given(&s.argv0, d.text),
		"exe_flags":       into(&s.exeFlags, d.exeFlags),
		"exe_inode":       into(&s.exeIno, number[int64](d, 64)),
		"cap_permitted":   given(&s.capPermitted, d.capabilities),
		"cap_effective":   given(&s.capEffective, d.capabilities),
		"cap_inheritable": given(&s.capInherited, d.capabilities),
		"real_uid":        given(&s.realUID, id),
		"login_uid":       given(&s.loginUID, id),
		"login_user":      given(&s.loginUser, d.text),
		"sid":             given(&s.sid, id),
		"pgid":            given(&s.pgid, id),
		"vpid":            given(&s.vpid, id),
		"vpgid":           given(&s.vpgid, id),
		"namespaces":      given(&s.namespaces, d.namespaces),
	}
	for name, set := range keys {
		keys[name] = func(n *yaml.Node) {
			s.given = true
			set(n)
		}
	}
	return keys
}

// exeFlags reads names joined by |.
func (d *decoder) exeFlags(n *yaml.Node) (sysflow.ExeFlags, bool) {
	flags, err := sysflow.ParseExeFlags(n.Value)
	if err != nil {
		d.add(n, "write "+strings.Join(sysflow.ExeFlagNames(), ", ")+", joined by |", "exe_flags: %v", err)
		return 0, false
	}
	return flags, true
}

// capabilities reads names joined by |, or "all".
func (d *decoder) capabilities(n *yaml.Node) (int64, bool) {
	if n.Value == "all" {
		return 1<<41 - 1, true
	}
	var set int64
	for name := range strings.FieldsFuncSeq(n.Value, isBar) {
		bit, ok := sysflow.ParseCapability(name)
		if !ok {
			d.add(n, "write names joined by |, like SYS_ADMIN|NET_RAW, or all", "%q is no capability", name)
			return 0, false
		}
		set |= bit
	}
	return set, true
}

func isBar(r rune) bool { return r == '|' || r == ' ' || r == ',' }

func (d *decoder) namespaces(n *yaml.Node) (sysflow.Namespaces, bool) {
	var ns sysflow.Namespaces
	inode := number[int64](d, 64)
	d.object(n, "namespaces", map[string]setter{
		"cgroup": into(&ns.Cgroup, inode),
		"ipc":    into(&ns.IPC, inode),
		"mnt":    into(&ns.Mnt, inode),
		"net":    into(&ns.Net, inode),
		"pid":    into(&ns.PID, inode),
		"user":   into(&ns.User, inode),
		"uts":    into(&ns.UTS, inode),
	})
	return ns, true
}

func (d *decoder) mount(n *yaml.Node) sysflow.Mount {
	var m sysflow.Mount
	d.object(n, "a mount", map[string]setter{
		"source":      into(&m.Source, d.text),
		"destination": into(&m.Destination, d.text),
		"mode":        into(&m.Mode, d.text),
		"rw":          into(&m.RW, d.boolean),
		"propagation": into(&m.Propagation, d.text),
	})
	return m
}

// build returns the details of p, nil if nothing was said of them. What is not given is the
// parent's, but for what an exec changes.
func (s *detailsSpec) build(p, parent *sysflow.Process) *sysflow.ProcessDetails {
	if !s.given {
		return nil
	}
	pid := int32(p.OID.HPID)
	from := &sysflow.ProcessDetails{LoginUID: sysflow.UnknownID, SID: pid, PGID: pid, VSID: pid, VPGID: pid}
	if parent != nil && parent.Details != nil {
		from = parent.Details
	}
	return &sysflow.ProcessDetails{
		Comm: value(s.comm, field.Comm(p.Exe)), Argv0: value(s.argv0, p.Exe), ExeFlags: s.exeFlags, ExeIno: s.exeIno,
		CapPermitted: value(s.capPermitted, from.CapPermitted), CapEffective: value(s.capEffective, from.CapEffective),
		CapInheritable: value(s.capInherited, from.CapInheritable),
		RealUID:        value(s.realUID, p.UID), SavedUID: p.UID, RealGID: p.GID, SavedGID: p.GID,
		LoginUID: value(s.loginUID, from.LoginUID), LoginUser: value(s.loginUser, from.LoginUser),
		SID: value(s.sid, from.SID), PGID: value(s.pgid, from.PGID), VPID: value(s.vpid, pid), VSID: from.VSID,
		VPGID: value(s.vpgid, from.VPGID), Namespaces: value(s.namespaces, from.Namespaces),
	}
}
