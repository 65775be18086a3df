package vm

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Machine is what to boot.
type Machine struct {
	Kernel    Kernel
	Initramfs []byte
	// Append is added to the kernel's command line. What the kernel does not know goes to init:
	// NAME=VALUE as an environment variable, what follows "--" as an argument.
	Append string
	// Counted makes a machine of one processor whose clocks count its instructions, one to a
	// nanosecond, and that does the same on every run. Otherwise there are two, as fast as may be.
	Counted bool
	// Timeout bounds the time from power on to power off; so does the test's own.
	Timeout time.Duration
}

// arch is what differs between architectures.
var archs = map[string]struct {
	qemu, console string
	machine       []string
	counted       []string
}{
	"amd64": {
		qemu: "qemu-system-x86_64", console: "ttyS0",
		machine: []string{"-cpu", "max"},
		// rep movsb would count every byte
		counted: []string{"-cpu", "max,-erms,-fsrm"},
	},
	"arm64": {
		qemu: "qemu-system-aarch64", console: "ttyAMA0",
		machine: []string{"-M", "virt", "-cpu", "neoverse-n1"},
		counted: []string{"-M", "virt", "-cpu", "neoverse-n1"},
	},
}

// Boot runs the machine until it is switched off and returns what it wrote to its console.
func Boot(t testing.TB, m Machine) string {
	t.Helper()
	arch, ok := archs[m.Kernel.Arch()]
	require.True(t, ok, "no machine for %s", m.Kernel.Name)
	_, err := exec.LookPath(arch.qemu)
	require.NoError(t, err, "install qemu-system-x86 and qemu-system-arm")

	initrd := filepath.Join(t.TempDir(), "initramfs")
	require.NoError(t, os.WriteFile(initrd, m.Initramfs, 0o600))
	args := []string{
		"-kernel", m.Kernel.image, "-initrd", initrd,
		// one line after another on a console that nobody types on; the end of the kernel is the end
		"-display", "none", "-serial", "stdio", "-monitor", "none", "-nic", "none", "-no-reboot",
		"-append", "console=" + arch.console + " quiet panic=-1 " + m.Append,
	}
	if m.Counted {
		args = append(args, arch.counted...)
		args = append(args,
			"-m", "768", "-smp", "1", "-accel", "tcg,thread=single", "-icount", "shift=0,sleep=off",
			"-seed", "1", "-rtc", "base=2026-01-01T00:00:00,clock=vm")
	} else {
		args = append(args, arch.machine...)
		args = append(args, "-m", "1024", "-smp", "2", "-accel", "tcg,thread=multi")
	}

	ctx, cancel := context.WithDeadline(t.Context(), m.deadline(t))
	defer cancel()
	var console, complaints bytes.Buffer
	cmd := exec.CommandContext(ctx, arch.qemu, args...)
	cmd.Stdout, cmd.Stderr = &console, &complaints
	if testing.Verbose() {
		cmd.Stdout = io.MultiWriter(&console, os.Stderr)
	}
	err = cmd.Run()
	text := string(bytes.ReplaceAll(console.Bytes(), []byte("\r\n"), []byte("\n")))
	require.NoError(t, ctx.Err(), "not switched off within %v; its console:\n%s", m.Timeout, text)
	require.NoError(t, err, "%s\n%s", &complaints, text)
	return text
}

// reserve is the time that a test needs to fail in an orderly way before its own deadline: a machine
// that is left behind would go on for ever.
const reserve = 10 * time.Second

func (m *Machine) deadline(t testing.TB) time.Time {
	end := time.Now().Add(m.Timeout)
	if t, ok := t.(interface{ Deadline() (time.Time, bool) }); ok {
		if limit, limited := t.Deadline(); limited && limit.Add(-reserve).Before(end) {
			return limit.Add(-reserve)
		}
	}
	return end
}
