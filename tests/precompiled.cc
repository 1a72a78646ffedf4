// Has nothing of its own: the target whose precompiled header the tests take over.
int main() { return 0; }
