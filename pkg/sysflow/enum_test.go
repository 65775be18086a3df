package sysflow

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestSymbols(t *testing.T) {
	for s := StateCreated; s <= StateReup; s++ {
		got, ok := ParseObjectState(s.String())
		assert.True(t, ok && got == s && s.Valid(), s.String())
	}
	for c := ContainerDocker; c <= ContainerBPM; c++ {
		got, ok := ParseContainerType(c.String())
		assert.True(t, ok && got == c && c.Valid(), c.String())
	}
	for a := K8sComponentAdded; a <= K8sComponentUnknown; a++ {
		got, ok := ParseK8sAction(a.String())
		assert.True(t, ok && got == a, a.String())
	}
	for c := K8sNodes; c <= K8sUnknown; c++ {
		got, ok := ParseK8sComponent(c.String())
		assert.True(t, ok && got == c, c.String())
	}
	assert.Equal(t, "11", ContainerType(11).String())
	assert.False(t, ContainerType(11).Valid())
	assert.False(t, ObjectState(3).Valid())
	_, ok := ParseContainerType("CT_PODMAN")
	assert.False(t, ok)
}

func TestKinds(t *testing.T) {
	records := []Record{
		&Header{}, &Container{}, &Process{}, &File{}, &ProcessEvent{}, &NetworkFlow{}, &FileFlow{},
		&FileEvent{}, &NetworkEvent{}, &ProcessFlow{}, &Pod{}, &K8sEvent{}, &Gap{},
	}
	assert.Len(t, records, NumKinds)
	entities := map[Kind]bool{KindHeader: true, KindContainer: true, KindProcess: true, KindFile: true, KindPod: true}
	for i, r := range records {
		k := r.Kind()
		assert.Equal(t, Kind(i), k)
		assert.Equal(t, entities[k], k.IsEntity(), k)
		got, ok := ParseKind(k.String())
		assert.True(t, ok && got == k, k)
	}
	assert.Equal(t, "?", Kind(NumKinds).String())
	_, ok := ParseKind("XX")
	assert.False(t, ok)
}
