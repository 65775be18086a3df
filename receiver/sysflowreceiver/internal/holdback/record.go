package holdback

import "github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"

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
