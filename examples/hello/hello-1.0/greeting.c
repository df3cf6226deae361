/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "greeting.h"

/* A buffer that counts what it is given and keeps what it has room for. */
struct sink {
    char *buf;
    size_t size;
    size_t length;
};

static void add(struct sink *sink, const char *text)
{
    for (; *text != '\0'; text++) {
        if (sink->length + 1 < sink->size)
            sink->buf[sink->length] = *text;
        sink->length++;
    }
}

/* What stands before the name at index in a list of count names. */
static const char *separator(size_t index, size_t count)
{
    if (index == 0)
        return "";
    return index + 1 == count ? " and " : ", ";
}

size_t greeting_format(char *buf, size_t size, const char *word,
                       const char *const *names, size_t count)
{
    struct sink sink = { buf, size, 0 };

    add(&sink, word);
    add(&sink, ", ");
    if (count == 0)
        add(&sink, "world");
    for (size_t i = 0; i < count; i++) {
        add(&sink, separator(i, count));
        add(&sink, names[i]);
    }
    add(&sink, "!");

    if (size > 0)
        buf[sink.length < size ? sink.length : size - 1] = '\0';
    return sink.length;
}
