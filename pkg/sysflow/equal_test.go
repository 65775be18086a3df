package sysflow

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Whatever field is new, Equal must know of it.
func TestProcessEqualSeesEveryField(t *testing.T) {
	says := reflect.TypeFor[Process]()
	for i := range says.NumField() {
		name := says.Field(i).Name
		t.Run(name, func(t *testing.T) {
			var p, q Process
			differ(t, reflect.ValueOf(&q).Elem().Field(i))
			ignored := name == "State" || name == "TS"
			assert.Equal(t, ignored, p.Equal(&q))
			assert.Equal(t, ignored, q.Equal(&p))
			assert.True(t, q.Equal(&q))
		})
	}
}

func TestContainerEqualSeesEveryField(t *testing.T) {
	says := reflect.TypeFor[Container]()
	for i := range says.NumField() {
		t.Run(says.Field(i).Name, func(t *testing.T) {
			var c, d Container
			differ(t, reflect.ValueOf(&d).Elem().Field(i))
			assert.False(t, c.Equal(&d))
			assert.False(t, d.Equal(&c))
			assert.True(t, d.Equal(&d))
		})
	}
}

func TestProcessEqualComparesValues(t *testing.T) {
	p := Process{POID: &OID{CreateTS: 1, HPID: 2}, Env: []string{"A=b"}}
	q := Process{POID: &OID{CreateTS: 1, HPID: 2}, Env: []string{"A=b"}}
	assert.True(t, p.Equal(&q))
	q.POID.HPID++
	assert.False(t, p.Equal(&q))
	q.POID.HPID--
	q.Env[0] = "A=c"
	assert.False(t, p.Equal(&q))
}

// differ sets a field to something other than zero.
func differ(t *testing.T, v reflect.Value) {
	t.Helper()
	switch v.Kind() {
	case reflect.String:
		v.SetString("x")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Int:
		v.SetInt(1)
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uint:
		v.SetUint(1)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
	case reflect.Map:
		v.Set(reflect.ValueOf(map[string]string{"x": "y"}))
	case reflect.Struct:
		differ(t, v.Field(0))
	default:
		t.Fatalf("make a %s that is not zero", v.Type())
	}
}
