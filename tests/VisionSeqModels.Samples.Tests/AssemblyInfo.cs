[assembly: CollectionBehavior(DisableTestParallelization = true)] // each sample uses all cores
