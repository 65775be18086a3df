package holdback

import (
	"slices"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// actor returns the process that an event or flow belongs to, the zero OID for what has none.
func actor(rec sysflow.Record) sysflow.OID {
	switch r := rec.(type) {
	case *sysflow.ProcessEvent:
		return r.ProcOID
	case *sysflow.ProcessFlow:
		return r.ProcOID
	case *sysflow.FileEvent:
		return r.ProcOID
	case *sysflow.FileFlow:
		return r.ProcOID
	case *sysflow.NetworkEvent:
		return r.ProcOID
	case *sysflow.NetworkFlow:
		return r.ProcOID
	}
	return sysflow.OID{}
}

// keep returns a record that stays as it is: events and flows are copied.
func keep(rec sysflow.Record) sysflow.Record {
	switch r := rec.(type) {
	case *sysflow.ProcessEvent:
		c := *r
		c.Args = slices.Clone(r.Args)
		return &c
	case *sysflow.ProcessFlow:
		c := *r
		return &c
	case *sysflow.FileEvent:
		c := *r
		c.Args = slices.Clone(r.Args)
		if r.NewFileOID != nil {
			oid := *r.NewFileOID
			c.NewFileOID = &oid
		}
		return &c
	case *sysflow.FileFlow:
		c := *r
		return &c
	case *sysflow.NetworkEvent:
		c := *r
		c.Args = slices.Clone(r.Args)
		return &c
	case *sysflow.NetworkFlow:
		c := *r
		return &c
	}
	return rec
}
