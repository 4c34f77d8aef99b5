/* A length that many have, and one that nobody else has. */
struct lengths { int few[4]; char many[5000]; };
