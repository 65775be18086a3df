package plogs

import "github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"

// Place tells where an attribute is.
type Place uint8

// The places of attributes.
const (
	// OnResource attributes describe the process, its container, pod and node.
	OnResource Place = iota
	// OnRecord attributes describe what happened.
	OnRecord
)

// String returns "resource" or "record".
func (p Place) String() string {
	if p == OnResource {
		return "resource"
	}
	return "record"
}

// ValueType is the type of an attribute's value.
type ValueType string

// The types of values.
const (
	Text     ValueType = "string"
	Int      ValueType = "int"
	Bool     ValueType = "bool"
	TextList ValueType = "string[]"
	Map      ValueType = "map"
	MapList  ValueType = "map[]"
)

// Attribute describes an attribute of the logs.
type Attribute struct {
	Key   string
	Place Place
	Type  ValueType
	// Kinds are the records that may have the attribute; for resource attributes the
	// records whose resource may. All kinds if nil.
	Kinds []sysflow.Kind
	// Standard tells whether the key is from OpenTelemetry's semantic conventions.
	Standard bool
	// Unit of the value, empty if it has none.
	Unit string
	// Meaning says what the value is, in one sentence without a full stop.
	Meaning string
	// Prefix marks a key that is the beginning of a family of keys.
	Prefix bool
}

// Attributes returns the description of every attribute that the encoder writes: first
// those of resources, then those of records.
func Attributes() []Attribute {
	return append(resourceAttributes(), recordAttributes()...)
}

// standard describes an attribute of the semantic conventions. None of them has a unit.
func standard(key string, p Place, t ValueType, kinds []sysflow.Kind, meaning string) Attribute {
	return Attribute{Key: key, Place: p, Type: t, Kinds: kinds, Standard: true, Meaning: meaning}
}

// own describes an attribute that the semantic conventions do not have.
func own(key string, p Place, t ValueType, kinds []sysflow.Kind, unit, meaning string) Attribute {
	return Attribute{Key: key, Place: p, Type: t, Kinds: kinds, Unit: unit, Meaning: meaning}
}

// Sets of kinds that share attributes.
var (
	ofProcesses = []sysflow.Kind{
		sysflow.KindProcess, sysflow.KindProcessEvent, sysflow.KindProcessFlow, sysflow.KindFileEvent,
		sysflow.KindFileFlow, sysflow.KindNetworkEvent, sysflow.KindNetworkFlow,
	}
	ofContainers = append([]sysflow.Kind{sysflow.KindContainer}, ofProcesses...)
	ofPods       = append([]sysflow.Kind{sysflow.KindPod}, ofContainers...)
	withOps      = ofProcesses[1:]
	withThread   = []sysflow.Kind{
		sysflow.KindProcessEvent, sysflow.KindFileEvent, sysflow.KindFileFlow,
		sysflow.KindNetworkEvent, sysflow.KindNetworkFlow,
	}
	withResult = []sysflow.Kind{sysflow.KindProcessEvent, sysflow.KindFileEvent, sysflow.KindNetworkEvent}
	withEnd    = []sysflow.Kind{sysflow.KindProcessFlow, sysflow.KindFileFlow, sysflow.KindNetworkFlow, sysflow.KindGap}
	withData   = []sysflow.Kind{sysflow.KindFileFlow, sysflow.KindNetworkFlow}
	withFD     = []sysflow.Kind{sysflow.KindFileFlow, sysflow.KindNetworkEvent, sysflow.KindNetworkFlow}
	withOrigin = []sysflow.Kind{sysflow.KindFileEvent, sysflow.KindFileFlow, sysflow.KindNetworkEvent, sysflow.KindNetworkFlow}
	withFile   = []sysflow.Kind{sysflow.KindFile, sysflow.KindFileEvent, sysflow.KindFileFlow}
	onNetwork  = []sysflow.Kind{sysflow.KindNetworkEvent, sysflow.KindNetworkFlow}
)
