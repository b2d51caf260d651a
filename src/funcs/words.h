#ifndef FUNCS_WORDS_H
#define FUNCS_WORDS_H

// Names made of words, turned from one style into another, as the library huandu/xstrings 1.5 does
// it: words are set off by white space, hyphens and underscores, by capitals, and by numbers.

#include "data/text.h"

// "http_server" becomes "HttpServer".
void words_write_pascal(Text *text, Str s);
// "HTTPServer" becomes "http_server", with '_' as the connector.
void words_write_lower(Text *text, Str s, char connector);

#endif
