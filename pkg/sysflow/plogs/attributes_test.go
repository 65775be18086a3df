package plogs

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/sysflowtest"
)

type placed struct {
	place Place
	key   string
}

// attributesByKey also checks that no attribute is described twice.
func attributesByKey(t *testing.T) map[placed]Attribute {
	out := make(map[placed]Attribute)
	for _, a := range Attributes() {
		k := placed{a.Place, a.Key}
		require.NotContains(t, out, k)
		require.NotEmpty(t, a.Meaning, a.Key)
		out[k] = a
	}
	return out
}

// everything is a stream that makes the encoder write every attribute there is.
func everything() []sysflow.Record {
	recs := sysflowtest.RecordsV6(rand.New(rand.NewPCG(1, 1)), 3000)
	p := &sysflow.Process{OID: sysflow.OID{HPID: 1}, ContainerID: "c", Exe: "/bin/\xff", UID: 1, GID: 1}
	odd := &sysflow.File{OID: sysflow.FOID{1}, Path: "/a\xff", ContainerID: "other"}
	created := &sysflow.File{State: sysflow.StateCreated, OID: sysflow.FOID{2}, Path: "/b", ContainerID: "other"}
	return append(recs, p, odd, created, &sysflow.FileEvent{
		ProcOID: p.OID, OpFlags: sysflow.OpRename, FileOID: odd.OID, NewFileOID: &created.OID,
	})
}

func TestEveryAttributeIsDescribed(t *testing.T) {
	known := attributesByKey(t)
	unused := make(map[placed]bool)
	for k := range known {
		unused[k] = true
	}
	check := func(place Place, kind sysflow.Kind, m pcommon.Map) {
		for key, v := range m.All() {
			for _, prefix := range []string{KeyPodLabelPrefix, KeyLabelPrefix, KeyNamespacePrefix} {
				if strings.HasPrefix(key, prefix) {
					key = prefix
				}
			}
			a, ok := known[placed{place, key}]
			if !assert.True(t, ok, "%s attribute %s of %s", place, key, kind) {
				continue
			}
			delete(unused, placed{place, key})
			assert.Contains(t, typesOf(v), a.Type, key)
			if a.Kinds != nil {
				assert.Contains(t, a.Kinds, kind, "%s attribute %s", place, key)
			}
		}
	}
	e := NewEncoder(EncoderOptions{})
	for _, rec := range everything() {
		e.Add(rec)
	}
	for kind, rl := range records(e.Take()) {
		check(OnResource, kind, rl.resource)
		check(OnRecord, kind, rl.record.Attributes())
	}
	assert.Empty(t, unused, "described but never written")
}

type located struct {
	resource pcommon.Map
	record   plog.LogRecord
}

// records iterates over the log records with the attributes of their resources.
func records(ld plog.Logs) func(func(sysflow.Kind, located) bool) {
	return func(yield func(sysflow.Kind, located) bool) {
		for _, rl := range ld.ResourceLogs().All() {
			for _, sl := range rl.ScopeLogs().All() {
				for _, lr := range sl.LogRecords().All() {
					kind, _ := kindOf(lr)
					if !yield(kind, located{rl.Resource().Attributes(), lr}) {
						return
					}
				}
			}
		}
	}
}

// typesOf returns the described types that a value may stand for.
func typesOf(v pcommon.Value) []ValueType {
	switch v.Type() {
	case pcommon.ValueTypeStr:
		return []ValueType{Text}
	case pcommon.ValueTypeInt:
		return []ValueType{Int}
	case pcommon.ValueTypeBool:
		return []ValueType{Bool}
	case pcommon.ValueTypeMap:
		return []ValueType{Map}
	case pcommon.ValueTypeSlice:
		if v.Slice().Len() > 0 && v.Slice().At(0).Type() == pcommon.ValueTypeMap {
			return []ValueType{MapList}
		}
		return []ValueType{TextList}
	}
	return nil
}

func TestStandardAttributesAreNotOurs(t *testing.T) {
	for _, a := range Attributes() {
		assert.NotEqual(t, a.Standard, strings.HasPrefix(a.Key, "sysflow."), a.Key)
		assert.False(t, a.Prefix && !strings.HasSuffix(a.Key, "."), a.Key)
	}
}

func TestResourceAttributesComeFirst(t *testing.T) {
	assert.True(t, slices.IsSortedFunc(Attributes(), func(a, b Attribute) int { return int(a.Place) - int(b.Place) }))
}
