#if !MUTATION
// Tests outside of the collection "Torch" run side by side. Most of them wait for processes, so there may be more of them than
// processors.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
#endif
