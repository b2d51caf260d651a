#ifndef FUNCS_CERTIFICATES_H
#define FUNCS_CERTIFICATES_H

// The functions of crypto.c that make certificates.

#include "template/func.h"

bool build_custom_cert(Call *c);
bool gen_ca(Call *c);
bool gen_ca_with_key(Call *c);
bool gen_self_signed_cert(Call *c);
bool gen_self_signed_cert_with_key(Call *c);
bool gen_signed_cert(Call *c);
bool gen_signed_cert_with_key(Call *c);

#endif
