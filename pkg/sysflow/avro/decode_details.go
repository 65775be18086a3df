package avro

import "github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"

func (d *decoder) mount(steps []step) (r sysflow.Mount) {
	for i := range steps {
		s := &steps[i]
		if d.absent(s) {
			continue
		}
		switch s.dst {
		case fieldSource:
			r.Source = d.string()
		case fieldDestination:
			r.Destination = d.string()
		case fieldMode:
			r.Mode = d.string()
		case fieldRW:
			r.RW = d.bool()
		case fieldPropagation:
			r.Propagation = d.string()
		}
	}
	return r
}

func (d *decoder) details(steps []step) *sysflow.ProcessDetails {
	r := sysflow.NewProcessDetails()
	for i := range steps {
		s := &steps[i]
		if d.absent(s) {
			continue
		}
		switch s.dst {
		case fieldComm:
			r.Comm = d.string()
		case fieldArgv0:
			r.Argv0 = d.string()
		case fieldLoginUser:
			r.LoginUser = d.string()
		default:
			if to := shortOf(r, s.dst); to != nil {
				*to = d.int()
			} else if to := longOf(r, s.dst); to != nil {
				*to = d.long()
			}
		}
	}
	return r
}

// shortOf returns the place of a number of 32 bits, nil if it has more.
func shortOf(r *sysflow.ProcessDetails, f field) *int32 {
	switch f {
	case fieldExeFlags:
		return (*int32)(&r.ExeFlags)
	case fieldRealUID:
		return &r.RealUID
	case fieldSavedUID:
		return &r.SavedUID
	case fieldRealGID:
		return &r.RealGID
	case fieldSavedGID:
		return &r.SavedGID
	case fieldLoginUID:
		return &r.LoginUID
	case fieldSID:
		return &r.SID
	case fieldPGID:
		return &r.PGID
	case fieldVPID:
		return &r.VPID
	case fieldVSID:
		return &r.VSID
	case fieldVPGID:
		return &r.VPGID
	}
	return nil
}

// longOf returns the place of a number of 64 bits.
func longOf(r *sysflow.ProcessDetails, f field) *int64 {
	switch f {
	case fieldExeIno:
		return &r.ExeIno
	case fieldExeCTime:
		return &r.ExeCTime
	case fieldExeMTime:
		return &r.ExeMTime
	case fieldCapPermitted:
		return &r.CapPermitted
	case fieldCapEffective:
		return &r.CapEffective
	case fieldCapInheritable:
		return &r.CapInheritable
	case fieldCgroupNS:
		return &r.Namespaces.Cgroup
	case fieldIPCNS:
		return &r.Namespaces.IPC
	case fieldMntNS:
		return &r.Namespaces.Mnt
	case fieldNetNS:
		return &r.Namespaces.Net
	case fieldPIDNS:
		return &r.Namespaces.PID
	case fieldUserNS:
		return &r.Namespaces.User
	case fieldUTSNS:
		return &r.Namespaces.UTS
	}
	return nil
}
