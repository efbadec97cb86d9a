// Draws the package's icon: a filter's weights above, a sequence of states below. Run it in the repository's root:
//   dotnet run build/icon.cs build/icon.png
#:package SkiaSharp
#:package SkiaSharp.NativeAssets.Linux.NoDependencies

using SkiaSharp;

const int Side = 256;
using var surface = SKSurface.Create(new SKImageInfo(Side, Side));
var canvas = surface.Canvas;
using var paint = new SKPaint { IsAntialias = true };

paint.Color = new SKColor(0x1b, 0x26, 0x3b);
canvas.DrawRoundRect(0, 0, Side, Side, 48, 48, paint);

// A 3×3 filter that looks for an edge: dark to light from the upper left.
for (int row = 0; row < 3; row++)
{
    for (int column = 0; column < 3; column++)
    {
        float fraction = (row + column) / 4f;
        paint.Color = new SKColor(
            (byte)(0x2f + (fraction * 0xd0)),
            (byte)(0x6f + (fraction * 0x58)),
            (byte)(0xd0 - (fraction * 0x83))
        );
        canvas.DrawRoundRect(56 + (column * 50), 30 + (row * 46), 44, 40, 8, 8, paint);
    }
}

// Three states; each gets the one before.
paint.Color = new SKColor(0xe0, 0xe6, 0xf0);
paint.StrokeWidth = 8;
canvas.DrawLine(64, 204, 192, 204, paint);
for (int step = 0; step < 3; step++)
{
    canvas.DrawCircle(64 + (step * 64), 204, 22, paint);
}

using var image = surface.Snapshot();
using var png = image.Encode(SKEncodedImageFormat.Png, 100);
using var file = File.Create(args[0]);
png.SaveTo(file);
