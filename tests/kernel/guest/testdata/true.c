/* A program that does nothing, by means of a loader and the C library. */
int main(void)
{
	return 0;
}
