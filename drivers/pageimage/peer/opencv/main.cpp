// What a page costs with OpenCV: the classical steps of every tutorial on scanning documents, written with care, on two
// threads. It is what our own finder is measured against and has no part in the product.
//
// Standard input brings requests, standard output takes answers, one after the other:
//   request: a line "find|page|stand|glance WIDTH HEIGHT BYTES", then so many bytes of a JPEG
//   answer:  a line "SECONDS WORK BYTES X0 Y0 X1 Y1 X2 Y2 X3 Y3", the corners in pixels of the frame, or
//            "SECONDS WORK BYTES none"; WORK is the seconds that both processors spent
// find decodes a frame and finds the page; page also straightens it to WIDTH by HEIGHT pixels, judges it and encodes it,
// BYTES long; stand does that and turns the page by its writing before it is encoded; glance decodes a live frame at half
// its size and finds the page.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <iostream>
#include <string>
#include <vector>

#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

using Quad = std::vector<cv::Point2f>;

// longer is the longer side, in pixels, of the picture in which edges are looked for.
constexpr double longer = 820;

// smallest is the part of the picture that a page covers at least: an identity card under a camera for A4 has six parts
// in a hundred.
constexpr double smallest = 0.04;

// ordered gives four corners clockwise, the top left one first.
static Quad ordered(const std::vector<cv::Point>& c, double scale) {
    Quad q(c.begin(), c.end());
    cv::Point2f middle = (q[0] + q[1] + q[2] + q[3]) * 0.25f;
    std::sort(q.begin(), q.end(), [&](cv::Point2f a, cv::Point2f b) {
        return std::atan2(a.y - middle.y, a.x - middle.x) < std::atan2(b.y - middle.y, b.x - middle.x);
    });
    for (auto& p : q) p = (p + cv::Point2f(0.5f, 0.5f)) * scale;
    return q;
}

// find looks for the largest convex outline with four corners: Gauss, Canny, contours, approxPolyDP. It gives no corners
// where there is none.
static Quad find(const cv::Mat& picture, double scale) {
    cv::Mat grey, edges;
    if (picture.channels() == 3) cv::cvtColor(picture, grey, cv::COLOR_BGR2GRAY);
    else grey = picture;
    double shrink = longer / std::max(grey.cols, grey.rows);
    if (shrink < 1) {
        cv::resize(grey, grey, cv::Size(), shrink, shrink, cv::INTER_AREA);
        scale /= shrink;
    }
    cv::GaussianBlur(grey, grey, cv::Size(5, 5), 0);
    cv::Canny(grey, edges, 50, 150);
    cv::dilate(edges, edges, cv::getStructuringElement(cv::MORPH_RECT, cv::Size(3, 3)));
    std::vector<std::vector<cv::Point>> contours;
    cv::findContours(edges, contours, cv::RETR_LIST, cv::CHAIN_APPROX_SIMPLE);
    double best = smallest * grey.total();
    std::vector<cv::Point> found, corners;
    for (const auto& c : contours) {
        cv::approxPolyDP(c, corners, 0.02 * cv::arcLength(c, true), true);
        if (corners.size() != 4 || !cv::isContourConvex(corners)) continue;
        double area = std::fabs(cv::contourArea(corners));
        if (area > best) best = area, found = corners;
    }
    return found.empty() ? Quad() : ordered(found, scale);
}

// narrowed gives a straightened page in grey, scaled to one width for all cameras.
static cv::Mat narrowed(const cv::Mat& page) {
    cv::Mat grey, small;
    cv::cvtColor(page, grey, cv::COLOR_BGR2GRAY);
    cv::resize(grey, small, cv::Size(1240, 1240 * grey.rows / grey.cols), 0, 0, cv::INTER_AREA);
    return small;
}

// judge measures sharpness, light, glare and shadow of a narrowed page. It gives their sum, which is a number for all pages;
// that it is asked for keeps the compiler from leaving the work out.
static double judge(const cv::Mat& small) {
    cv::Mat laplacian, coarse;
    cv::Scalar mean, sharp, light, spread;
    cv::Laplacian(small, laplacian, CV_16S);
    cv::meanStdDev(laplacian, mean, sharp);
    cv::meanStdDev(small, light, spread);
    int glare = cv::countNonZero(small >= 250);
    cv::resize(small, coarse, cv::Size(16, 16), 0, 0, cv::INTER_AREA);
    double darkest, brightest;
    cv::minMaxLoc(coarse, &darkest, &brightest);
    return sharp[0] + light[0] + spread[0] + glare + darkest + brightest;
}

// varied tells how much the ink of a page changes from row to row, or with 1 from column to column.
static double varied(const cv::Mat& ink, int way) {
    cv::Mat sums, next, previous;
    cv::reduce(ink, sums, way == 0 ? 1 : 0, cv::REDUCE_SUM, CV_32F);
    sums = sums.reshape(1, 1);
    cv::absdiff(sums.colRange(1, sums.cols), sums.colRange(0, sums.cols - 1), next);
    return cv::mean(next)[0] / (cv::mean(sums)[0] + 1);
}

// quarters tells by how many quarters a narrowed page is to be turned clockwise: lines run the way in which ink changes
// more across them, and characters are taken to be heavier below their middle.
static int quarters(const cv::Mat& small) {
    cv::Mat ink, labels, stats, centres;
    cv::adaptiveThreshold(small, ink, 255, cv::ADAPTIVE_THRESH_MEAN_C, cv::THRESH_BINARY_INV, 31, 15);
    int turn = 0;
    if (varied(ink, 1) > varied(ink, 0)) {
        cv::rotate(ink, ink, cv::ROTATE_90_CLOCKWISE);
        turn = 1;
    }
    int n = cv::connectedComponentsWithStats(ink, labels, stats, centres, 8, CV_32S);
    double below = 0;
    for (int i = 1; i < n; i++) {
        int high = stats.at<int>(i, cv::CC_STAT_HEIGHT), wide = stats.at<int>(i, cv::CC_STAT_WIDTH);
        if (high < 8 || high > 60 || wide < 4 || wide > 60) continue;
        below += (centres.at<double>(i, 1) - stats.at<int>(i, cv::CC_STAT_TOP)) / high - 0.5;
    }
    return below < 0 ? turn + 2 : turn;
}

static std::vector<uchar> straighten(const cv::Mat& frame, const Quad& q, int width, int height, bool stand) {
    std::vector<cv::Point2f> from(q);
    if ((cv::norm(q[1] - q[0]) > cv::norm(q[3] - q[0])) != (width > height)) // it lies across
        std::rotate(from.begin(), from.begin() + 1, from.end());
    float w = width, h = height;
    std::vector<cv::Point2f> to = {{0, 0}, {w, 0}, {w, h}, {0, h}};
    cv::Mat page;
    cv::warpPerspective(frame, page, cv::getPerspectiveTransform(from, to), cv::Size(width, height), cv::INTER_LINEAR);
    cv::Mat small = narrowed(page);
    double verdict = judge(small);
    int turn = stand ? quarters(small) : 0;
    if (turn > 0) cv::rotate(page, page, turn == 1 ? cv::ROTATE_90_CLOCKWISE : turn == 2 ? cv::ROTATE_180 : cv::ROTATE_90_COUNTERCLOCKWISE);
    std::vector<uchar> out;
    cv::imencode(".jpg", page, out, {cv::IMWRITE_JPEG_QUALITY, 85});
    if (std::isnan(verdict)) out.clear();
    return out;
}

int main() {
    cv::setNumThreads(2);
    std::string what;
    int width, height;
    size_t bytes;
    while (std::cin >> what >> width >> height >> bytes) {
        std::cin.get();
        std::vector<uchar> data(bytes);
        if (!std::cin.read(reinterpret_cast<char*>(data.data()), bytes)) return 1;
        auto start = std::chrono::steady_clock::now();
        std::clock_t work = std::clock();
        bool glance = what == "glance";
        cv::Mat frame = cv::imdecode(data, glance ? cv::IMREAD_REDUCED_GRAYSCALE_2 : cv::IMREAD_COLOR);
        Quad q;
        size_t written = 0;
        if (!frame.empty()) q = find(frame, glance ? 2 : 1);
        if (!q.empty() && (what == "page" || what == "stand"))
            written = straighten(frame, q, width, height, what == "stand").size();
        std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
        std::printf("%.6f %.6f %zu", took.count(), double(std::clock() - work) / CLOCKS_PER_SEC, written);
        for (auto p : q) std::printf(" %.2f %.2f", p.x, p.y);
        std::printf(q.empty() ? " none\n" : "\n");
        std::fflush(stdout);
    }
}
