#pragma once

/* exfiltrate lets a child send a file to this process, which writes it to standard output. */
int exfiltrate(const char *file);
