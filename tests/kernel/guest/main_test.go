//go:build linux

package guest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// TestMain makes this binary three programs: the machine's first process, which prepares it, runs the
// tests and switches it off; the tests; and a capture, which must not be in the process of the
// tests because a capture leaves its own process out.
func TestMain(m *testing.M) {
	// what is outside of a machine may be the first process of a container
	inMachine := os.Getenv("SYSFLOW_MACHINE") != ""
	switch {
	case inMachine && os.Getpid() == 1:
		initialize()
	case os.Getenv(watchVariable) != "":
		os.Exit(watchMain(os.Getenv(watchVariable)))
	case inMachine:
		os.Exit(m.Run())
	default:
		fmt.Println("these tests run in a machine of their own: make test-kernel")
	}
}

// initialize is the life of the first process.
func initialize() {
	status, err := 1, prepare()
	if err == nil {
		status, err = runTests()
	}
	if err != nil {
		fmt.Println("init:", err)
	}
	// the host looks for this line
	fmt.Printf("SYSFLOW_MACHINE: exit status %d\n", status)
	unix.Sync()
	// with qemu's -no-reboot the same as switching it off, and quicker
	_ = unix.Reboot(unix.LINUX_REBOOT_CMD_RESTART)
}

// prepare makes the machine one that programs can live in.
func prepare() error {
	for _, mount := range []struct{ target, fstype string }{
		{"/proc", "proc"},
		{"/sys", "sysfs"},
		{"/dev", "devtmpfs"},
		{"/tmp", "tmpfs"},
		{"/sys/kernel/security", "securityfs"},
	} {
		if err := unix.Mount("none", mount.target, mount.fstype, 0, ""); err != nil {
			return fmt.Errorf("mounting %s: %w", mount.target, err)
		}
	}
	if err := os.Chmod("/tmp", 0o1777); err != nil {
		return err
	}
	return loopbackUp()
}

func loopbackUp() error {
	s, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM, 0)
	if err != nil {
		return fmt.Errorf("socket: %w", err)
	}
	defer func() { _ = unix.Close(s) }()
	ifr, err := unix.NewIfreq("lo")
	if err != nil {
		return err
	}
	ifr.SetUint16(unix.IFF_UP)
	if err := unix.IoctlIfreq(s, unix.SIOCSIFFLAGS, ifr); err != nil {
		return fmt.Errorf("ioctl SIOCSIFFLAGS lo: %w", err)
	}
	return nil
}

// runTests runs this binary again, with the flags that the kernel has passed on. Words that the
// kernel does not know itself come before them.
func runTests() (status int, err error) {
	first := slices.IndexFunc(os.Args, func(arg string) bool { return strings.HasPrefix(arg, "-test.") })
	if first < 0 {
		return 0, fmt.Errorf("there are no flags of tests in %q", os.Args)
	}
	cmd := exec.Command("/init", os.Args[first:]...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stdout
	err = cmd.Run()
	if code := new(exec.ExitError); errors.As(err, &code) {
		return code.ExitCode(), nil
	}
	return 0, err
}
