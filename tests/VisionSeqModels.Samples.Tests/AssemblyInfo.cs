[assembly: CollectionBehavior(MaxParallelThreads = 2)] // each sample has one thread
