package plogs

import (
	"net/netip"
	"strconv"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// each hands every attribute to set. What set refuses is counted and ignored.
func (d *Decoder) each(m pcommon.Map, set func(string, pcommon.Value) bool) {
	d.ignored += setEach(m, set)
}

// setEach hands every entry to set, texts that are no UTF-8 again with their exact bytes. It
// returns how many set refuses.
func setEach(m pcommon.Map, set func(string, pcommon.Value) bool) (refused int64) {
	var raw pcommon.Value
	hasRaw := false
	for k, v := range m.All() {
		if k == KeyRaw {
			raw, hasRaw = v, true
		} else if !set(k, v) {
			refused++
		}
	}
	if !hasRaw {
		return refused
	}
	if raw.Type() != pcommon.ValueTypeMap {
		return refused + 1
	}
	for k, v := range raw.Map().All() {
		if !set(k, v) {
			refused++
		}
	}
	return refused
}

// The as functions below convert a value. They return false and leave the destination
// alone if the value has another type or is out of range.

func asText(v pcommon.Value, to *string) bool {
	switch v.Type() {
	case pcommon.ValueTypeStr:
		*to = v.Str()
	case pcommon.ValueTypeBytes:
		*to = string(v.Bytes().AsRaw())
	default:
		return false
	}
	return true
}

// asList takes a list, each item of which as as takes it.
func asList[T any](v pcommon.Value, to *[]T, as func(pcommon.Value, *T) bool) bool {
	if v.Type() != pcommon.ValueTypeSlice {
		return false
	}
	out := make([]T, v.Slice().Len())
	for i := range out {
		if !as(v.Slice().At(i), &out[i]) {
			return false
		}
	}
	*to = out
	return true
}

func asTexts(v pcommon.Value, to *[]string) bool { return asList(v, to, asText) }

func asInt[T ~int32 | ~int64](v pcommon.Value, to *T) bool {
	n := v.Int()
	if v.Type() != pcommon.ValueTypeInt || int64(T(n)) != n {
		return false
	}
	*to = T(n)
	return true
}

func asBool(v pcommon.Value, to *bool) bool {
	if v.Type() != pcommon.ValueTypeBool {
		return false
	}
	*to = v.Bool()
	return true
}

// asEnum takes a symbol, or the number that stands for a value without symbol.
func asEnum[T ~uint8](v pcommon.Value, parse func(string) (T, bool), to *T) bool {
	if v.Type() != pcommon.ValueTypeStr {
		return false
	}
	if e, ok := parse(v.Str()); ok {
		*to = e
		return true
	}
	n, err := strconv.ParseUint(v.Str(), 10, 8)
	if err != nil {
		return false
	}
	*to = T(n)
	return true
}

// asParsed takes a text of which parse makes a value.
func asParsed[T any](v pcommon.Value, to *T, parse func(string) (T, error)) bool {
	if v.Type() != pcommon.ValueTypeStr {
		return false
	}
	parsed, err := parse(v.Str())
	if err != nil {
		return false
	}
	*to = parsed
	return true
}

func asAddr(v pcommon.Value, to *netip.Addr) bool { return asParsed(v, to, netip.ParseAddr) }

func asFOID(v pcommon.Value, to *sysflow.FOID) bool { return asParsed(v, to, sysflow.ParseFOID) }

func asOrigin(v pcommon.Value, to *sysflow.Origin) bool { return asParsed(v, to, sysflow.ParseOrigin) }

// asFileType takes a letter, or "#" and the number of a type without letter.
func asFileType(v pcommon.Value, to *sysflow.FileType) bool {
	if v.Type() != pcommon.ValueTypeStr || v.Str() == "" {
		return false
	}
	s := v.Str()
	if len(s) == 1 {
		*to = sysflow.FileType(s[0])
		return true
	}
	n, err := strconv.ParseInt(s[1:], 10, 32)
	if s[0] != '#' || err != nil {
		return false
	}
	*to = sysflow.FileType(n)
	return true
}

// asIPv4s is the inverse of putIPv4s.
func asIPv4s(v pcommon.Value, to *[]int64) bool { return asList(v, to, asIPv4) }

func asIPv4(v pcommon.Value, to *int64) bool {
	var a netip.Addr
	if !asAddr(v, &a) {
		n, err := strconv.ParseInt(v.Str(), 10, 64)
		*to = n
		return err == nil
	}
	n, ok := sysflow.IPv4ToInt32(a)
	*to = int64(uint32(n))
	return ok
}
