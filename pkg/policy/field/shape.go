package field

import "github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"

// Shape is all that values of ScopeShape depend on. There are few shapes, so that what
// rules say about a shape is worth keeping.
type Shape struct {
	Kind                  sysflow.Kind
	IPv6, Addressed       bool
	Ops                   sysflow.OpFlags
	OpenFlags             sysflow.OpenFlags
	FileType, NewFileType sysflow.FileType
	Proto                 int32
	// Failure is the negative errno of an event that failed, otherwise 0.
	Failure int32
	HasRet  bool
	Origin  sysflow.Origin
}

// Shape returns the shape of r.
func (r *Record) Shape() Shape {
	s := Shape{
		Kind: r.Kind, IPv6: r.SIP.Is6(), Addressed: r.SIP.IsValid(), Ops: r.Ops, OpenFlags: r.OpenFlags,
		FileType: r.File.Type, NewFileType: r.NewFile.Type, Proto: r.Proto, HasRet: r.HasRet, Origin: r.Origin,
	}
	if r.HasRet {
		s.Failure = min(r.Ret, 0)
	}
	return s
}
