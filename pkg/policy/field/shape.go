package field

import "github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"

// Shape is all that values of ScopeShape depend on. There are few shapes, so that what
// rules say about a shape is worth keeping.
type Shape struct {
	Kind                  sysflow.Kind
	Family                Family
	HasRet                bool
	Ops                   sysflow.OpFlags
	OpenFlags             sysflow.OpenFlags
	FileType, NewFileType sysflow.FileType
	Proto                 int32
	// Failure is the negative errno of an event that failed, otherwise 0.
	Failure int32
	Origin  sysflow.Origin
}

// Family is that of the source's address.
type Family uint8

// Families of addresses.
const (
	NoAddress Family = iota
	IPv4
	IPv6
)

// Shape returns the shape of r.
func (r *Record) Shape() Shape {
	s := Shape{
		Kind: r.Kind, Ops: r.Ops, OpenFlags: r.OpenFlags,
		FileType: r.File.Type, NewFileType: r.NewFile.Type, Proto: r.Proto, HasRet: r.HasRet, Origin: r.Origin,
	}
	switch {
	case r.SIP.Is4():
		s.Family = IPv4
	case r.SIP.IsValid():
		s.Family = IPv6
	}
	if r.HasRet {
		s.Failure = min(r.Ret, 0)
	}
	return s
}
