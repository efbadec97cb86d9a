namespace VisionSeqModels.Data;

/// <summary>Decodes the files of a folder on several threads, block by block, in order.</summary>
/// <param name="content">The files.</param>
/// <param name="options">How.</param>
internal sealed class FolderDecoder(FolderContent content, ImageFolderOptions options)
{
    private const int BlockBytes = 16 << 20;
    private const int ImagesForEachThread = 16;
    private readonly int _imageBytes = options.Preparation.ByteCount;
    private readonly int _threads = Math.Min(options.Threads ?? Environment.ProcessorCount, content.Files.Count);
    private readonly Dictionary<int, string> _reasons = []; // of files that cannot be read, by their places
    private readonly PixelSums _sums = new(options.Preparation.Channels);
    private readonly object _progress = new();
    private int _done;

    /// <summary>The files that could not be read, by their places, each with its reason.</summary>
    public IReadOnlyDictionary<int, string> Broken => _reasons;

    /// <summary>Mean and standard deviation of the training images.</summary>
    public ImageNormalization Normalization => _sums.Normalization();

    /// <summary>Decodes all files.</summary>
    /// <param name="take">Receives the images that could be read, some at a time: their bytes, one after the other.</param>
    /// <exception cref="OperationCanceledException">The options' token was cancelled.</exception>
    public void Run(Action<ReadOnlyMemory<byte>> take)
    {
        int size = Math.Max(BlockBytes / _imageBytes, _threads * ImagesForEachThread);
        size = Math.Min(Math.Min(size, Array.MaxLength / _imageBytes), content.Files.Count);
        byte[] block = new byte[size * _imageBytes];
        var workers = Enumerable.Range(0, _threads).Select(_ => new Worker(options.Preparation.Channels)).ToArray();
        for (int begin = 0; begin < content.Files.Count; begin += size)
        {
            int count = Math.Min(size, content.Files.Count - begin);
            Decode(begin, count, block, workers);
            take(block.AsMemory(0, Compact(begin, count, block) * _imageBytes));
        }

        Array.ForEach(workers, worker => _sums.Add(worker.Sums));
    }

    private void Decode(int begin, int count, byte[] block, Worker[] workers)
    {
        int next = -1;
        Parallel.For(
            0,
            workers.Length,
            new ParallelOptions { MaxDegreeOfParallelism = workers.Length, CancellationToken = options.CancellationToken },
            number =>
            {
                for (int i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next))
                {
                    options.CancellationToken.ThrowIfCancellationRequested();
                    Decode(begin + i, block.AsSpan(i * _imageBytes, _imageBytes), workers[number]);
                    Report();
                }
            }
        );
    }

    private void Decode(int index, Span<byte> image, Worker worker)
    {
        try
        {
            var file = worker.Read(content.Files[index]);
            ImageDecoder.Decode(file, options.Preparation, image, options.PixelLimit, worker.Buffers);
            if (index < content.TrainCount)
            {
                worker.Sums.Add(image);
            }
        }
        catch (UnreadableImageException e)
        {
            Note(index, e.Reason);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Note(index, $"cannot be opened ({e.Message.TrimEnd('.')})");
        }
    }

    private void Note(int index, string reason)
    {
        lock (_reasons)
        {
            _reasons.Add(index, reason);
        }
    }

    private void Report()
    {
        if (options.Progress is not null)
        {
            lock (_progress)
            {
                options.Progress.Report(new ImageFolderProgress { Done = ++_done, Total = content.Files.Count });
            }
        }
    }

    /// <summary>Closes the gaps of the files that could not be read.</summary>
    /// <returns>How many images there are.</returns>
    private int Compact(int begin, int count, byte[] block)
    {
        int kept = 0;
        for (int i = 0; i < count; i++)
        {
            if (_reasons.ContainsKey(begin + i))
            {
                continue;
            }

            if (kept != i)
            {
                block.AsSpan(i * _imageBytes, _imageBytes).CopyTo(block.AsSpan(kept * _imageBytes));
            }

            kept++;
        }

        return kept;
    }

    /// <summary>What a thread has for itself.</summary>
    private sealed class Worker(int channels)
    {
        private const long LongestFile = 512L << 20;

        private byte[] _file = [];

        public PixelBuffers Buffers { get; } = new();

        public PixelSums Sums { get; } = new(channels);

        /// <summary>The bytes of a file.</summary>
        public ReadOnlySpan<byte> Read(FolderFile file)
        {
            if (file.Length == 0)
            {
                throw new UnreadableImageException("is empty"); // a pipe, too: opening one would wait
            }

            if (file.Length > LongestFile)
            {
                throw new UnreadableImageException(
                    FormattableString.Invariant($"has {file.Length} bytes, but at most {LongestFile} are read")
                );
            }

            using var handle = File.OpenHandle(file.Path, options: FileOptions.SequentialScan);
            int length = (int)file.Length;
            if (_file.Length < length)
            {
                _file = GC.AllocateUninitializedArray<byte>(length);
            }

            int count = 0;
            for (int more = 1; more > 0 && count < length; count += more)
            {
                more = RandomAccess.Read(handle, _file.AsSpan(count, length - count), count);
            }

            return _file.AsSpan(0, count);
        }
    }
}
