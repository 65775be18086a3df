package syntax

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestIndent(t *testing.T) {
	text := `evt.type in (open, openat) and (fd.name startswith /etc or fd.name startswith "/var/a b" and ` +
		`not (proc.name = cron or proc.name = sshd)) and not container`
	n, err := ParseCondition(text, nowhere)
	require.Nil(t, err)
	assert.Equal(t, Format(n), Indent(n, 1000))
	assert.Equal(t, `evt.type in (open, openat)
and (
  fd.name startswith /etc
  or (
    fd.name startswith "/var/a b"
    and not (
      proc.name = cron
      or proc.name = sshd
    )
  )
)
and not container`, Indent(n, 30))
	again, err := ParseCondition(Indent(n, 30), nowhere)
	require.Nil(t, err)
	assert.Equal(t, n, again)
}
