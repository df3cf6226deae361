/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of greeting.c. */
#include "greeting.h"

#include <stdio.h>
#include <string.h>

static int failures;
static int checks;

static void check(int ok, const char *what)
{
    checks++;
    if (!ok) {
        failures++;
        fprintf(stderr, "FAIL: %s\n", what);
    }
}

/* The greeting of names must be wanted, and its length must be right. */
static void check_text(const char *const *names, size_t count,
                       const char *wanted)
{
    char buf[128];
    size_t length = greeting_format(buf, sizeof buf, "Hello", names, count);

    check(strcmp(buf, wanted) == 0, wanted);
    check(length == strlen(wanted), "the length of the greeting");
}

static void test_lists(void)
{
    const char *const names[] = { "Ada", "Bob", "Cem", "Dan" };

    check_text(NULL, 0, "Hello, world!");
    check_text(names, 1, "Hello, Ada!");
    check_text(names, 2, "Hello, Ada and Bob!");
    check_text(names, 3, "Hello, Ada, Bob and Cem!");
    check_text(names, 4, "Hello, Ada, Bob, Cem and Dan!");
}

static void test_odd_names(void)
{
    const char *const names[] = { "", "%s%n", "Zo\xc3\xab" };

    check_text(names, 3, "Hello, , %s%n and Zo\xc3\xab!");
}

static void test_word(void)
{
    char buf[32];

    greeting_format(buf, sizeof buf, "Ahoj", NULL, 0);
    check(strcmp(buf, "Ahoj, world!") == 0, "another word");
}

/* For each size: a cut copy, the whole length, no byte out of bounds. */
static void test_small_buffers(void)
{
    const char whole[] = "Hello, world!";

    check(greeting_format(NULL, 0, "Hello", NULL, 0) == strlen(whole),
          "no buffer");
    for (size_t size = 1; size <= sizeof whole; size++) {
        char buf[sizeof whole + 1];

        memset(buf, '#', sizeof buf);
        check(greeting_format(buf, size, "Hello", NULL, 0) == strlen(whole),
              "the whole length for a small buffer");
        check(memcmp(buf, whole, size - 1) == 0, "the start of the text");
        check(buf[size - 1] == '\0', "the final NUL");
        check(buf[size] == '#', "nothing behind the buffer");
    }
}

int main(void)
{
    test_lists();
    test_odd_names();
    test_word();
    test_small_buffers();
    printf("test-greeting: %d checks, %d failed\n", checks, failures);
    return failures != 0;
}
