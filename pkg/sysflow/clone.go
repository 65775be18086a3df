package sysflow

import "slices"

// Clone returns an event or flow that stays as it is when its maker uses the memory of rec again, as
// readers, decoders and builders do. Entities are returned as they are: nobody changes them.
func Clone(rec Record) Record {
	switch r := rec.(type) {
	case *ProcessEvent:
		c := new(*r)
		c.Args = slices.Clone(r.Args)
		return c
	case *FileEvent:
		c := new(*r)
		c.Args = slices.Clone(r.Args)
		if r.NewFileOID != nil {
			c.NewFileOID = new(*r.NewFileOID)
		}
		return c
	case *NetworkEvent:
		c := new(*r)
		c.Args = slices.Clone(r.Args)
		return c
	case *ProcessFlow:
		return new(*r)
	case *FileFlow:
		return new(*r)
	case *NetworkFlow:
		return new(*r)
	case *K8sEvent:
		return new(*r)
	case *Gap:
		return new(*r)
	}
	return rec
}
