/** @file memory_file.h  Bytes of the fuzzer as a file, for what reads by path: no disk is written. */
#ifndef TIDEWAITER_TESTS_MEMORY_FILE_H
#define TIDEWAITER_TESTS_MEMORY_FILE_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct memory_file {
	int fd;
	char path[64];
};

static inline void memory_file_open(struct memory_file *file, const uint8_t *data, size_t size)
{
	size_t done = 0;
	file->fd = memfd_create("fuzz", 0);
	if (file->fd < 0) {
		abort();
	}
	while (done < size) {
		ssize_t wrote = write(file->fd, data + done, size - done);
		if (wrote <= 0) {
			abort();
		}
		done += (size_t)wrote;
	}
	snprintf(file->path, sizeof(file->path), "/proc/self/fd/%d", file->fd);
}

static inline void memory_file_close(struct memory_file *file)
{
	close(file->fd);
}

#endif
