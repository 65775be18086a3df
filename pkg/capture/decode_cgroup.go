//go:build linux && (amd64 || arm64)

package capture

import "github.com/otelcol-sysflow/otelcol-sysflow/bpf"

// cgroup takes the path of a control group, which comes before the first event that needs it.
func (d *decoder) cgroup(b []byte) error {
	r, path, err := view[bpf.CaptureEventCgroup](b)
	if err != nil {
		return err
	}
	if d.containers != nil {
		d.containers.learn(r.Id, pathOf(path))
	}
	return nil
}

// container returns the container of a process in the given control group. Should the kernel side
// not have got the path across, /proc tells, for as long as the process lives; what it says is true
// of the process, and not kept for the control group, which the process may have left.
func (d *decoder) container(number uint64, pid int32) (id string, known bool) {
	if d.containers == nil {
		return "", false
	}
	if id, known = d.containers.of(number); known {
		return id, true
	}
	identity, ok := hostProc.container(pid)
	if !ok {
		d.cgroupsUnknown.Add(1)
		return "", false
	}
	d.containers.note(identity)
	return identity.ID, true
}

// inContainer completes the description of a process that executes a program.
func (d *decoder) inContainer(number uint64) {
	id, _ := d.container(number, d.event.PID)
	d.info.ContainerID = id
	if id != "" {
		d.containers.notePID(id, d.event.PID, d.info.Entry)
	}
}
