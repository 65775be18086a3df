/* Loads: more of one thing than a host normally does. */
#pragma once

/* Each does its work and returns how much of it was done. */
long load_files(const char *dir, double seconds);
long load_processes(long n);
long load_descriptors(const char *dir, long n);

/* must ends the program unless a call went as it should. */
void must(int ok, const char *what);
