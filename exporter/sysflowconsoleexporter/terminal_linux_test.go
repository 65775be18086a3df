package sysflowconsoleexporter

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"golang.org/x/sys/unix"

	"github.com/otelcol-sysflow/otelcol-sysflow/internal/terminal"
)

// pty is a pseudo terminal: what the exporter writes to screen is read from lines.
type pty struct {
	master, screen *os.File
	lines          *bufio.Reader
}

func openTerminal(t *testing.T) *pty {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no pseudo terminals here: %v", err)
	}
	fd := int(master.Fd())
	require.NoError(t, unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0))
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	require.NoError(t, err)
	screen, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	require.NoError(t, err)
	t.Cleanup(func() { screen.Close(); master.Close() })
	t.Setenv("NO_COLOR", "")
	t.Setenv("TERM", "xterm")
	return &pty{master: master, screen: screen, lines: bufio.NewReader(master)}
}

func (p *pty) resize(t *testing.T, columns uint16) {
	t.Helper()
	require.NoError(t, unix.IoctlSetWinsize(int(p.screen.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: columns}))
}

func (p *pty) read(t *testing.T, n int) []string {
	t.Helper()
	var lines []string
	for range n {
		line, err := p.lines.ReadString('\n')
		require.NoError(t, err)
		lines = append(lines, strings.TrimRight(line, "\r\n"))
	}
	return lines
}

var colors = regexp.MustCompile("\x1b\\[\\d*m")

// TestTerminal: lines are coloured and fit, also after the window changed.
func TestTerminal(t *testing.T) {
	p := openTerminal(t)
	p.resize(t, 132)
	exp := startExporter(t, p.screen)
	defer exp.shutdown(t)
	for _, columns := range []uint16{132, 80, 200, 20} {
		p.resize(t, columns)
		require.NoError(t, exp.ConsumeLogs(context.Background(), scenario()))
		widest := 0
		for _, line := range p.read(t, 7) {
			plain := colors.ReplaceAllString(line, "")
			assert.NotEqual(t, plain, line, "colours")
			assert.LessOrEqual(t, utf8.RuneCountInString(plain), int(columns), plain)
			widest = max(widest, utf8.RuneCountInString(plain))
		}
		assert.Greater(t, widest, min(int(columns), 150)-10, "room is used")
	}
}

func TestNoColorOnTerminal(t *testing.T) {
	p := openTerminal(t)
	assert.True(t, terminal.ColorAuto.For(p.screen))
	assert.False(t, terminal.ColorNever.For(p.screen))
	t.Setenv("NO_COLOR", "1")
	assert.False(t, terminal.ColorAuto.For(p.screen))
	assert.True(t, terminal.ColorAlways.For(p.screen))
	t.Setenv("NO_COLOR", "")
	t.Setenv("TERM", "dumb")
	assert.False(t, terminal.ColorAuto.For(p.screen))
}

// TestTerminalHangsUp as when an ssh session ends.
func TestTerminalHangsUp(t *testing.T) {
	p := openTerminal(t)
	exp := startExporter(t, p.screen)
	defer exp.shutdown(t)
	require.NoError(t, p.master.Close())
	err := exp.ConsumeLogs(context.Background(), scenario())
	require.ErrorContains(t, err, "stdout is closed")
	assert.True(t, consumererror.IsPermanent(err))
	require.NoError(t, exp.ConsumeLogs(context.Background(), scenario()))
}

// TestFullDisk: the output may work again, and says so each time that it does not.
func TestFullDisk(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	require.NoError(t, err)
	defer full.Close()
	exp := startExporter(t, full)
	defer exp.shutdown(t)
	for range 2 {
		err := exp.ConsumeLogs(context.Background(), scenario())
		require.ErrorIs(t, err, unix.ENOSPC)
		assert.True(t, consumererror.IsPermanent(err))
	}
}
