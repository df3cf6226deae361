/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GREETING_H
#define GREETING_H

#include <stddef.h>

/*
 * Write "WORD, NAMES!" to buf, cut to size bytes with the final NUL.
 * The names are joined as in English: "Ada", "Ada and Bob",
 * "Ada, Bob and Cem". Without names the greeting is for the world.
 *
 * Returns the length of the whole greeting without the NUL, as snprintf
 * does: a result of size or more means that buf was too small. buf may be
 * NULL if size is 0.
 */
size_t greeting_format(char *buf, size_t size, const char *word,
                       const char *const *names, size_t count);

#endif
