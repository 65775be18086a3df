//go:build linux && (amd64 || arm64)

package capture

import (
	"github.com/otelcol-sysflow/otelcol-sysflow/bpf"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// detailsOf describes a process by its task; what depends on its executable is left out.
func detailsOf(t *bpf.CaptureTaskDetails) *sysflow.ProcessDetails {
	return &sysflow.ProcessDetails{
		Comm:           cString(t.Comm[:]),
		CapPermitted:   int64(t.CapPermitted),   // bit pattern
		CapEffective:   int64(t.CapEffective),   // bit pattern
		CapInheritable: int64(t.CapInheritable), // bit pattern
		RealUID:        int32(t.Ruid),           // bit pattern, as in SysFlow; so are the others
		SavedUID:       int32(t.Suid),
		RealGID:        int32(t.Rgid),
		SavedGID:       int32(t.Sgid),
		LoginUID:       int32(t.LoginUid),
		SID:            t.Sid,
		PGID:           t.Pgid,
		VPID:           t.Vpid,
		VSID:           t.Vsid,
		VPGID:          t.Vpgid,
		Namespaces: sysflow.Namespaces{
			Cgroup: int64(t.Ns[bpf.CaptureNamespaceNS_CGROUP]),
			IPC:    int64(t.Ns[bpf.CaptureNamespaceNS_IPC]),
			Mnt:    int64(t.Ns[bpf.CaptureNamespaceNS_MNT]),
			Net:    int64(t.Ns[bpf.CaptureNamespaceNS_NET]),
			PID:    int64(t.Ns[bpf.CaptureNamespaceNS_PID]),
			User:   int64(t.Ns[bpf.CaptureNamespaceNS_USER]),
			UTS:    int64(t.Ns[bpf.CaptureNamespaceNS_UTS]),
		},
	}
}

// addExe adds what is known of the executable file.
func addExe(d *sysflow.ProcessDetails, e *bpf.CaptureExeDetails) {
	d.ExeFlags = sysflow.ExeFlags(e.Flags) // numbered alike, which TestNumberedAlike checks
	d.ExeIno = int64(e.Ino)
	d.ExeCTime = e.Ctime
	d.ExeMTime = e.Mtime
}
