/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "greeting.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#ifndef VERSION
#define VERSION "unknown"
#endif

static void usage(FILE *stream)
{
    fputs("Usage: hello [OPTION]... [NAME]...\n"
          "Greet each NAME, or the world.\n"
          "\n"
          "  -g, --greeting=WORD  say WORD instead of \"Hello\"\n"
          "  -h, --help           show this help\n"
          "  -V, --version        show the version\n",
          stream);
}

/* Print the greeting and a newline. Returns 0 if there is no memory for it. */
static int greet(const char *word, const char *const *names, size_t count)
{
    size_t size = greeting_format(NULL, 0, word, names, count) + 1;
    char *text = malloc(size);

    if (text == NULL)
        return 0;
    greeting_format(text, size, word, names, count);
    puts(text);
    free(text);
    return 1;
}

/* Flush the output: a full disk must not look like success. */
static int finish(void)
{
    if (fflush(stdout) != 0 || ferror(stdout)) {
        perror("hello: cannot write");
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        { "greeting", required_argument, NULL, 'g' },
        { "help", no_argument, NULL, 'h' },
        { "version", no_argument, NULL, 'V' },
        { NULL, 0, NULL, 0 },
    };
    const char *word = "Hello";
    int option;

    while ((option = getopt_long(argc, argv, "g:hV", options, NULL)) != -1) {
        switch (option) {
        case 'g':
            word = optarg;
            break;
        case 'h':
            usage(stdout);
            return finish();
        case 'V':
            puts("hello " VERSION);
            return finish();
        default:
            usage(stderr);
            return 2;
        }
    }

    if (!greet(word, (const char *const *)argv + optind,
               (size_t)(argc - optind))) {
        perror("hello");
        return EXIT_FAILURE;
    }
    return finish();
}
