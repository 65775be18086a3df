package reading

import (
	"net/netip"
	"strconv"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// The functions below put a value into a variable of the right type. They return false and
// leave it alone when the value has another type or is out of range. Texts are not copied.

// putText also takes bytes, which are how sysflow.raw holds texts that are no UTF-8.
func putText(v pcommon.Value, to *string) bool {
	if s := v.Str(); s != "" {
		*to = s
		return true
	}
	// The type is looked at only where the text cannot tell.
	switch v.Type() {
	case pcommon.ValueTypeBytes:
		*to = string(v.Bytes().AsRaw())
	case pcommon.ValueTypeStr:
	default:
		return false
	}
	return true
}

// putTexts writes a list into the memory of the one before. Elements that are no text are
// empty ones.
func putTexts(v pcommon.Value, to *[]string) bool {
	if v.Type() != pcommon.ValueTypeSlice {
		return false
	}
	list, s, ok := (*to)[:0], v.Slice(), true
	for i := range s.Len() {
		var text string
		ok = putText(s.At(i), &text) && ok
		list = append(list, text)
	}
	*to = list
	return ok
}

func putInt64[T ~int64](v pcommon.Value, to *T) bool {
	n := v.Int()
	ok := n != 0 || v.Type() == pcommon.ValueTypeInt
	if ok {
		*to = T(n)
	}
	return ok
}

func putInt32[T ~int32](v pcommon.Value, to *T) bool {
	n := v.Int()
	ok := int64(int32(n)) == n && (n != 0 || v.Type() == pcommon.ValueTypeInt)
	if ok {
		*to = T(n)
	}
	return ok
}

func putBool(v pcommon.Value, to *bool) bool {
	ok := v.Type() == pcommon.ValueTypeBool
	if ok {
		*to = v.Bool()
	}
	return ok
}

// putAddr takes ::ffff:192.0.2.1, which is what sockets of both versions call a peer of
// version 4, for 192.0.2.1, which is what rules name.
func putAddr(v pcommon.Value, to *netip.Addr) bool {
	a, err := netip.ParseAddr(v.Str())
	if err == nil {
		*to = a.Unmap()
	}
	return err == nil
}

// putFileType takes a letter, or "#" and the number of a type without letter.
func putFileType(v pcommon.Value, to *sysflow.FileType) bool {
	switch s := v.Str(); {
	case len(s) == 1:
		*to = sysflow.FileType(s[0])
		return true
	case len(s) > 1 && s[0] == '#':
		n, err := strconv.ParseInt(s[1:], 10, 32)
		if err == nil {
			*to = sysflow.FileType(n)
		}
		return err == nil
	}
	return false
}

// putOID takes a file's id in hexadecimal.
func putOID(v pcommon.Value, id *sysflow.FOID) bool {
	parsed, err := sysflow.ParseFOID(v.Str())
	if err == nil {
		*id = parsed
	}
	return err == nil
}

// putOrigin takes the names of origins; what is asked for most is not taken apart.
func putOrigin(v pcommon.Value, to *sysflow.Origin) bool {
	const both = sysflow.OriginSyscall | sysflow.OriginIOUring
	switch v.Str() {
	case "io_uring":
		*to = sysflow.OriginIOUring
	case "syscall":
		*to = sysflow.OriginSyscall
	case "syscall|io_uring":
		*to = both
	default:
		o, err := sysflow.ParseOrigin(v.Str())
		if err != nil || v.Type() != pcommon.ValueTypeStr {
			return false
		}
		*to = o
	}
	return true
}

// putEnum takes a symbol, or the number that stands for a value without symbol.
func putEnum[T ~uint8](v pcommon.Value, parse func(string) (T, bool), to *T) bool {
	s := v.Str()
	if e, ok := parse(s); ok {
		*to = e
		return true
	}
	n, err := strconv.ParseUint(s, 10, 8)
	if err == nil {
		*to = T(n)
	}
	return err == nil
}
