package reading

import (
	"net/netip"
	"strconv"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// The functions below put a value into a variable of the right type, and leave it alone
// when the value has another type or is out of range. Texts are not copied.

// putText also takes bytes, which are how sysflow.raw holds texts that are no UTF-8.
func putText(v pcommon.Value, to *string) {
	if s := v.Str(); s != "" {
		*to = s
		return
	}
	if v.Type() == pcommon.ValueTypeBytes {
		*to = string(v.Bytes().AsRaw())
	}
}

// putTexts appends to the list, whose memory is reused.
func putTexts(v pcommon.Value, to *[]string) {
	if v.Type() != pcommon.ValueTypeSlice {
		return
	}
	list, s := (*to)[:0], v.Slice()
	for i := range s.Len() {
		var text string
		putText(s.At(i), &text)
		list = append(list, text)
	}
	*to = list
}

func putInt64(v pcommon.Value, to *int64) {
	// The type is looked at only where the number cannot tell.
	if n := v.Int(); n != 0 || v.Type() == pcommon.ValueTypeInt {
		*to = n
	}
}

func putInt32[T ~int32](v pcommon.Value, to *T) bool {
	n := v.Int()
	ok := int64(int32(n)) == n && (n != 0 || v.Type() == pcommon.ValueTypeInt)
	if ok {
		*to = T(n)
	}
	return ok
}

func putBool(v pcommon.Value, to *bool) {
	if v.Type() == pcommon.ValueTypeBool {
		*to = v.Bool()
	}
}

// putAddr takes ::ffff:192.0.2.1, which is what sockets of both versions call a peer of
// version 4, for 192.0.2.1, which is what rules name.
func putAddr(v pcommon.Value, to *netip.Addr) {
	if a, err := netip.ParseAddr(v.Str()); err == nil {
		*to = a.Unmap()
	}
}

// putFileType takes a letter, or "#" and the number of a type without letter.
func putFileType(v pcommon.Value, to *sysflow.FileType) {
	switch s := v.Str(); {
	case len(s) == 1:
		*to = sysflow.FileType(s[0])
	case len(s) > 1 && s[0] == '#':
		if n, err := strconv.ParseInt(s[1:], 10, 32); err == nil {
			*to = sysflow.FileType(n)
		}
	}
}

// putOID takes a file's id in hexadecimal.
func putOID(v pcommon.Value, id *sysflow.FOID) bool {
	parsed, err := sysflow.ParseFOID(v.Str())
	if err == nil {
		*id = parsed
	}
	return err == nil
}

// putEnum takes a symbol, or the number that stands for a value without symbol.
func putEnum[T ~uint8](v pcommon.Value, parse func(string) (T, bool), to *T) {
	s := v.Str()
	if e, ok := parse(s); ok {
		*to = e
	} else if n, err := strconv.ParseUint(s, 10, 8); err == nil {
		*to = T(n)
	}
}
