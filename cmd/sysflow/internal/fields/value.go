package fields

import "strconv"

// Kind is the type of a Value.
type Kind uint8

// The kinds of values. Null and Empty both mean "nothing to say"; which of the two
// a field uses is sysprint's choice and matters in JSON (null or "").
const (
	Null Kind = iota
	Empty
	Int
	Bool
	// String is text in Value.Str, Text is text in Value.Raw.
	String
	Text
	// JSON is a list or object, already encoded in Value.Raw.
	JSON
)

// Value is what a field says about a row. Raw is only valid until the next field
// of the same row is asked.
type Value struct {
	Kind Kind
	Int  int64
	Str  string
	Raw  []byte
}

// Missing reports whether there is nothing to say.
func (v Value) Missing() bool {
	return v.Kind <= Empty || v.Kind == String && v.Str == "" || v.Kind == Text && len(v.Raw) == 0
}

// Append appends the value as plain text, nothing when missing.
func (v Value) Append(dst []byte) []byte {
	switch v.Kind {
	case Int:
		return strconv.AppendInt(dst, v.Int, 10)
	case Bool:
		return strconv.AppendBool(dst, v.Int != 0)
	case String:
		return append(dst, v.Str...)
	case Text, JSON:
		return append(dst, v.Raw...)
	default:
		return dst
	}
}

func intValue[T ~int32 | ~int64](v T) Value { return Value{Kind: Int, Int: int64(v)} }

func stringValue(s string) Value { return Value{Kind: String, Str: s} }

func boolValue(b bool) Value {
	if b {
		return Value{Kind: Bool, Int: 1}
	}
	return Value{Kind: Bool}
}
