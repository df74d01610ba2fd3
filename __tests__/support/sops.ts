// Files in fixtures/sops are what SOPS 3.11 wrote for these two keys of age, whose private parts nobody has any more.

/** The public key that the files of development are for. */
export const AGE_DEV = 'age1tgfvh4suuvtlmhxxk086d04a9dyef9cgsddmxfqegyd64uvxry7qdwz8j6';

/** The public key that the files of production are for. */
export const AGE_PROD = 'age1l66cnd7h9afnf6vxcglflw2qhrv3ueyhgku0h4uyulsqv8u5v4qsntf7mc';
