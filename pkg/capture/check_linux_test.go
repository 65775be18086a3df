//go:build amd64 || arm64

package capture

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

func TestVersion(t *testing.T) {
	for _, tt := range []struct {
		release      string
		major, minor int
	}{
		{"6.18.44", 6, 18},
		{"5.17.0-1-amd64", 5, 17},
		{"5.4", 5, 4},
		{"6.1-rc3", 6, 1},
		{"5.14.0-427.el9.x86_64", 5, 14},
		{"6.19+", 6, 19},
		{"7", 7, 0},
		{"", 0, 0},
		{"next", 0, 0},
	} {
		major, minor := version(tt.release)
		assert.Equal(t, []int{tt.major, tt.minor}, []int{major, minor}, "%q", tt.release)
	}
}

func TestKernel(t *testing.T) {
	for release, ok := range map[string]bool{
		"5.10.0": true, "5.18.1": true, "6.0.1": true, "10.1": true,
		"5.9.16": false, "4.18.0-553.el8": false, "": false,
	} {
		r := kernel(release)
		assert.Equal(t, ok, r.OK, release)
		assert.Contains(t, r.Detail, "Linux "+release)
		assert.Equal(t, ok, r.Remedy == "", release)
	}
	assert.Equal(t, "use Linux 5.10 or newer", kernel("5.4.0").Remedy)
}

func TestLockdown(t *testing.T) {
	for modes, ok := range map[string]bool{
		"[none] integrity confidentiality\n": true,
		"none [integrity] confidentiality\n": true,
		"none integrity [confidentiality]\n": false,
	} {
		r := lockdown(modes)
		assert.Equal(t, ok, r.OK, modes)
		assert.Equal(t, ok, r.Remedy == "", modes)
		assert.NotEmpty(t, r.Detail)
	}
}

func TestRights(t *testing.T) {
	const (
		admin   = uint64(1) << unix.CAP_SYS_ADMIN
		perfmon = uint64(1) << unix.CAP_PERFMON
		bpf     = uint64(1) << unix.CAP_BPF
		setBoth = " (setcap cap_bpf,cap_perfmon+ep FILE sets both, or the container's securityContext)"
	)
	for _, tt := range []struct {
		name           string
		caps           uint64
		detail, remedy string
	}{
		{"none", 0, "this process lacks CAP_BPF and CAP_PERFMON", "run it as root, or give it CAP_BPF and CAP_PERFMON" + setBoth},
		{"all others", ^(admin | perfmon | bpf), "this process lacks CAP_BPF and CAP_PERFMON", "run it as root, or give it CAP_BPF and CAP_PERFMON" + setBoth},
		{"no perfmon", bpf, "this process lacks CAP_PERFMON", "run it as root, or give it CAP_PERFMON" + setBoth},
		{"no bpf", perfmon, "this process lacks CAP_BPF", "run it as root, or give it CAP_BPF" + setBoth},
		{"both", bpf | perfmon, "CAP_BPF and CAP_PERFMON", ""},
		{"admin", admin, "CAP_SYS_ADMIN", ""},
		{"root", ^uint64(0), "CAP_SYS_ADMIN", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			want := Result{Name: "rights", OK: tt.remedy == "", Detail: tt.detail, Remedy: tt.remedy}
			assert.Equal(t, want, rights(tt.caps))
		})
	}
}

func TestEffectiveCapabilities(t *testing.T) {
	proc := fakeProc(t, map[string]string{"self/status": "Name:\tx\nCapPrm:\tffffffffffffffff\nCapEff:\t000000c000000000\nCapBnd:\t0\n"})
	caps, err := proc.effectiveCapabilities()
	require.NoError(t, err)
	assert.Equal(t, uint64(1)<<unix.CAP_BPF|1<<unix.CAP_PERFMON, caps)

	for name, files := range map[string]map[string]string{
		"no file":  nil,
		"no line":  {"self/status": "Name:\tx\n"},
		"no digit": {"self/status": "CapEff:\tall\n"},
	} {
		_, err := fakeProc(t, files).effectiveCapabilities()
		assert.Error(t, err, name)
	}
}
