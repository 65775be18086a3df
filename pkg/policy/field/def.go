package field

import (
	"net/netip"
	"slices"
	"strconv"
)

// Type is the type of a field's value.
type Type int

// The types. A multi-valued field (Def.Multi) has a list of these.
const (
	String Type = iota
	Int
	Bool
	Addr
)

// Scope says what a value depends on, and so how long it stays the same.
type Scope int

const (
	// ScopeProcess values depend on the process, its ancestors, container, pod and node.
	ScopeProcess Scope = iota
	// ScopeShape values depend on what Record.Shape returns and nothing else: kind,
	// operations, open flags, file types, protocol, IP version, errno, origin.
	ScopeShape
	// ScopeFile values depend on the path of the file and nothing else.
	ScopeFile
	// ScopeNewFile values depend on the second path and nothing else.
	ScopeNewFile
	// ScopeRecord values depend on anything.
	ScopeRecord
)

// Language says whose rules a field follows.
type Language int

const (
	// SysFlow fields begin with "sf."; a missing value is the empty text.
	SysFlow Language = iota
	// Falco fields without a value make every check false.
	Falco
)

// Answer says how well SysFlow records answer a field.
type Answer int

const (
	// Exact values are what the field's author means by it.
	Exact Answer = iota
	// Approximate values come close; Def.Note says in what they differ.
	Approximate
	// Unanswerable fields are known, but SysFlow does not record them: they never have a value.
	Unanswerable
)

// Def describes a field.
type Def struct {
	Name     string
	Language Language
	Type     Type
	// Multi marks fields with several values, like the names of all ancestors.
	Multi bool
	// List marks multi-valued Falco fields that are true lists: `in` wants every value to be
	// in the set. For the other multi-valued fields (evt.type, proc.aname, fd.ip, fd.port,
	// ...) a check holds if it holds for one value, and != is the negation of =.
	List  bool
	Scope Scope
	// Domain says which records may have a value, beyond what Scope implies; nil means any.
	Domain *Domain
	// ByKind marks fields that depend on nothing but kind, operations, and whether the file is a
	// socket.
	ByKind bool
	// Early marks texts that few records have, so that asking for them first leaves few rules.
	Early bool
	// Values are all texts that the field can have, nil where that is open. See Allows.
	Values []string
	// Desc says in one sentence what it is, Note what is approximate or why there is no value.
	Desc, Note string
	Answer     Answer
	// Arg says what the argument in brackets may be.
	Arg ArgKind
	// Get puts the value of r into v, which the caller has reset. It keeps nothing and
	// allocates only where a text must be made: command lines (once for each process),
	// tuples of sockets, times, structured values. It must not be called for unanswerable
	// fields, for which it is nil.
	Get func(r *Record, arg Arg, v *Value)

	// numbers says that besides Values there are numbers.
	numbers bool
	// single is the field with an argument, where that has one value and the field without
	// has several.
	single *Def
	// printed picks the texts that the text form shows; nil means all.
	printed func(string) bool
}

// Allows reports whether a comparison with the text can have a meaning: it is one of Values,
// if these are known, or the empty text, which asks for no value. Upper and lower case differ.
func (d *Def) Allows(text string) bool {
	if d.Values == nil || text == "" || slices.Contains(d.Values, text) {
		return true
	}
	if d.numbers {
		_, err := strconv.ParseUint(text, 10, 31)
		return err == nil
	}
	return false
}

// ArgKind says what a field takes in brackets.
type ArgKind int

const (
	// NoArg takes nothing.
	NoArg ArgKind = iota
	// OptionalIndex takes a number or nothing, like proc.aname[2].
	OptionalIndex
	// RequiredIndex takes a number.
	RequiredIndex
	// OptionalKey takes a text or nothing, like proc.env[PATH].
	OptionalKey
	// RequiredKey takes a text, like k8s.pod.label[app].
	RequiredKey
	// JSONPath takes a gjson path (SysFlow, on structured values).
	JSONPath
)

// Arg is an argument in brackets.
type Arg struct {
	Given bool
	Index int
	Key   string
}

// Value receives what a field has. Its slices are reused.
type Value struct {
	// Present is false where the record has no value.
	Present bool
	Str     string
	// Int is also that of booleans: 0 or 1.
	Int   int64
	Addr  netip.Addr
	Strs  []string
	Ints  []int64
	Addrs []netip.Addr
	// Buf is scratch space for texts that must be made.
	Buf []byte
}

// Reset makes v a missing value.
func (v *Value) Reset() {
	v.Present, v.Str, v.Int, v.Addr = false, "", 0, netip.Addr{}
	v.Strs, v.Ints, v.Addrs = v.Strs[:0], v.Ints[:0], v.Addrs[:0]
}

// Ref is a field with its argument, as a rule names it.
type Ref struct {
	*Def
	Arg Arg
	// Text is how the rule wrote it, canonical: proc.aname[2].
	Text string
}
