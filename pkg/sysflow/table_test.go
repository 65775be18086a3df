package sysflow

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-sysflow/otelcol-sysflow/internal/recent"
)

func TestTable(t *testing.T) {
	var tab Table
	parent := &Process{OID: OID{1, 1}}
	child := &Process{OID: OID{2, 2}, POID: &OID{1, 1}}
	file := &File{OID: NewFOID("", "/x")}
	for _, r := range []Record{&Header{Exporter: "a"}, &Container{ID: "c"}, &Pod{ID: "p"}, parent, child, file} {
		assert.True(t, tab.Put(r))
	}
	assert.False(t, tab.Put(&FileFlow{}))

	assert.Equal(t, "a", tab.Header().Exporter)
	assert.Same(t, child, tab.Process(OID{2, 2}))
	assert.Same(t, parent, tab.Parent(child))
	assert.Nil(t, tab.Parent(parent))
	assert.Nil(t, tab.Parent(nil))
	assert.Nil(t, tab.Parent(&Process{POID: &OID{9, 9}}), "a dangling parent")
	assert.Same(t, file, tab.File(file.OID))
	assert.Equal(t, "c", tab.Container("c").ID)
	assert.Nil(t, tab.Container(""))
	assert.Equal(t, "p", tab.Pod("p").ID)
	assert.Nil(t, tab.Pod(""))

	tab.Put(&Header{Exporter: "b"})
	assert.Nil(t, tab.Process(OID{2, 2}), "another trace")
}

// What is used stays; of what is not used at most two generations do.
func TestTableForgets(t *testing.T) {
	var tab Table
	used := &Process{OID: OID{0, 1}}
	tab.Put(used)
	for i := range int64(5 * recent.DefaultLimit) {
		tab.Put(&Process{OID: OID{1, i}})
		if i%(recent.DefaultLimit/2) == 0 {
			assert.Same(t, used, tab.Process(used.OID))
		}
	}
	assert.Nil(t, tab.Process(OID{1, 0}))
	assert.NotNil(t, tab.Process(OID{1, 5*recent.DefaultLimit - 1}))
	assert.LessOrEqual(t, tab.processes.Len(), 2*recent.DefaultLimit)
}

func BenchmarkNewFOID(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		NewFOID("c010f5a08549", "/usr/lib/x86_64-linux-gnu/libc.so.6")
	}
}
